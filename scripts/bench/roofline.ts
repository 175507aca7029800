import { matMul, relu, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { readDatasetFile } from '../../experiments/data/dataset.js';
import { SentenceTokenizer } from '../../experiments/data/tokenizer.js';
import type { BackboneConfig } from '../../experiments/models/config.js';
import { openModelFolder } from '../../experiments/models/sources/folder.js';
import { openRuntime } from '../../experiments/runtime/device.js';
import { zeros, type Feeds, type Runtime } from '../../experiments/runtime/runtime.js';
import { lengthOf } from '../../experiments/training/batches/packedBatch.js';
import { ourTraining } from './contenders.js';
import { measureProcess } from './measureProcess.js';
import { median } from './statistics.js';
import { removeCaches, type Workplace } from './workplace.js';

export interface MatrixSpeed {
  /** [m, k] × [k, n], and which of the two is stored the other way round. */
  m: number;
  k: number;
  n: number;
  transposed: 'none' | 'first' | 'second';
  gigaflops: number;
}

/** What the machine can do at most, and what full training makes of it. */
export interface Roofline {
  matrices: MatrixSpeed[];
  /** The fastest of them. */
  peakGigaflops: number;
  /** Bytes read and written by an operation that only moves numbers through memory. */
  memoryGigabytesPerSecond: number;
  training: TrainingWorkload & { seconds: number; gigaflopsPerSecond: number; shareOfPeak: number };
}

interface TrainingWorkload {
  sentences: number;
  /** Tokens that linear layers compute; there is no padding among them. */
  tokens: number;
  /** Pairs of tokens that attention computes, padding within a batch included. */
  pairs: number;
  gigaflops: number;
}

const batchSize = 32;
const maxLength = 64;

/** Products as full training does them for a batch of about 1,024 tokens: forward, by the input, by the weight. */
const products: Omit<MatrixSpeed, 'gigaflops'>[] = [
  { m: 1024, k: 384, n: 1536, transposed: 'none' },
  { m: 1024, k: 1536, n: 384, transposed: 'none' },
  { m: 1024, k: 384, n: 384, transposed: 'none' },
  { m: 1024, k: 1536, n: 384, transposed: 'second' },
  { m: 384, k: 1024, n: 1536, transposed: 'first' },
];

/** Measures matrix products and memory through ONNX Runtime, and one epoch of full training against them. */
export async function measureRoofline(place: Workplace): Promise<Roofline> {
  const runtime = await openRuntime('cpu', place.threads);
  const repeats = place.quick ? 5 : 60;
  const matrices: MatrixSpeed[] = [];
  for (const product of products) {
    matrices.push({ ...product, gigaflops: await measureProduct(runtime, product, repeats) });
  }
  const memory = await measureMemory(runtime, place.quick ? 3 : 12);
  const peakGigaflops = Math.max(...matrices.map(({ gigaflops }) => gigaflops));
  const workload = await countTraining(place);
  const command = ourTraining(place, { name: 'roofline', freeze: 'full', epochs: 2 });
  const { lines } = await measureProcess(command);
  removeCaches();
  const seconds = lines.findLast(({ value }) => value.type === 'epoch')?.value.seconds as number;
  const gigaflopsPerSecond = workload.gigaflops / seconds;
  return {
    matrices,
    peakGigaflops,
    memoryGigabytesPerSecond: memory,
    training: { ...workload, seconds, gigaflopsPerSecond, shareOfPeak: gigaflopsPerSecond / peakGigaflops },
  };
}

async function measureProduct(
  runtime: Runtime,
  { m, k, n, transposed }: Omit<MatrixSpeed, 'gigaflops'>,
  repeats: number,
): Promise<number> {
  const [first, second] = [transposed === 'first', transposed === 'second'];
  const shapes = { a: first ? [k, m] : [m, k], b: second ? [n, k] : [k, n] };
  const seconds = await measureProgram(
    runtime,
    shapes,
    ({ a, b }) => matMul(a as Tensor2D, b as Tensor2D, first, second),
    [m, n],
    repeats,
  );
  return (2 * m * k * n) / seconds / 1e9;
}

async function measureMemory(runtime: Runtime, repeats: number): Promise<number> {
  const size = 2 ** 26;
  const seconds = await measureProgram(runtime, { a: [size] }, ({ a }) => relu(a as Tensor), [size], repeats);
  return (2 * 4 * size) / seconds / 1e9;
}

/** Seconds of one run of a small program on random numbers, its output written into memory that is there already. */
async function measureProgram(
  runtime: Runtime,
  shapes: Record<string, number[]>,
  compute: (tensors: Record<string, Tensor>) => Tensor,
  outputShape: number[],
  repeats: number,
): Promise<number> {
  const declared = Object.entries(shapes).map(([name, shape]) => [
    name,
    { shape, dtype: 'float32' as const },
  ]);
  const executable = await runtime.compile({
    name: 'roofline',
    inputs: Object.fromEntries(declared),
    constants: {},
    differentiate: [],
    forward: (tensors) => ({ outputs: { out: compute(tensors) } }),
  });
  const feeds: Feeds = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, zeros(shape)]),
  );
  for (const { data } of Object.values(feeds)) data.forEach((_, index) => (data[index] = (index % 17) - 8));
  const fetches = { out: zeros(outputShape) };
  const times: number[] = [];
  for (let run = 0; run < repeats + 2; run++) {
    const started = performance.now();
    await executable.run(feeds, fetches);
    if (run >= 2) times.push((performance.now() - started) / 1000);
  }
  await executable.dispose();
  return median(times);
}

/** Counts what one epoch computes: batches in the file's order stand for shuffled ones, which are alike in size. */
async function countTraining({ model: folder, data }: Workplace): Promise<TrainingWorkload> {
  const model = openModelFolder(folder, { id: folder, source: 'folder', seed: 0 });
  const dataset = await readDatasetFile(data.csv);
  const sentences = dataset.rows.filter(({ split }) => split === 'train').map(({ sentence }) => sentence);
  const tokenized = SentenceTokenizer.fromFiles(model).encode(sentences, maxLength);
  const lengths = sentences.map((_, row) => lengthOf(tokenized, row));
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  let pairs = 0;
  for (let start = 0; start < lengths.length; start += batchSize) {
    const batch = lengths.slice(start, start + batchSize);
    pairs += batch.length * Math.max(...batch) ** 2;
  }
  return {
    sentences: sentences.length,
    tokens,
    pairs,
    gigaflops: trainingFlops(model.config, tokens, pairs) / 1e9,
  };
}

/**
 * Floating-point operations of matrix products, forward and backward (twice as many again: by the input and by the weight).
 * A linear layer takes 2 × inputs × outputs a token; attention 4 × hidden size for each pair of tokens.
 */
export function trainingFlops(
  {
    blocks,
    hiddenSize,
    intermediateSize,
  }: Pick<BackboneConfig, 'blocks' | 'hiddenSize' | 'intermediateSize'>,
  tokens: number,
  pairs: number,
): number {
  const linear = 2 * (4 * hiddenSize ** 2 + 2 * hiddenSize * intermediateSize) * tokens;
  const attention = 4 * hiddenSize * pairs;
  return 3 * blocks * (linear + attention);
}
