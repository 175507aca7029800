import type { FreezePlan } from '../freeze/plan.js';
import { bytesOf, peakBytes } from '../graph/liveness.js';
import { wordEmbeddings } from '../models/layout.js';
import { hiddenInput, sentenceProgram } from '../models/sentenceModel.js';
import { recordProgram } from '../runtime/recordProgram.js';
import type { ConstantTensor, Program } from '../runtime/program.js';
import { largestBatchSizes } from '../training/batches/batchSizes.js';
import { networkPrograms } from '../training/network.js';
import { arenaBytes } from '../training/optimizer/arena.js';
import type { TrainingSetup } from '../training/setup.js';

/** What libraries, compiled code and the sessions' own structures take, as measured. */
const runtimeBytes = 100 * 2 ** 20;
/** Tokens and rows that a frozen prefix is computed for at a time. */
const prefixTokens = 2048;

/**
 * What training above a freeze boundary takes on top of the loaded model, in bytes, added up from its parts: parameters with their
 * gradients and moments, the frozen weights that sessions hold, and the activations of the largest batch, by a graph's liveness. While
 * the frozen prefix's features are computed that part is counted instead, where it is larger.
 */
export function trainingBytes(fullSetup: TrainingSetup, plan: FreezePlan): number {
  const setup = { ...fullSetup, plan };
  const copies = setup.settings.gradientAccumulation > 1 ? 5 : 4;
  const trained = setup.layout.filter(({ name }) => plan.trainable.has(name));
  // Of the words' table only the rows that occur get gradients and moments, few of them; the rest is never touched nor backed.
  const sparse = setup.settings.weightDecay === 0;
  const store = trained.reduce(
    (bytes, { name, shape }) => bytes + (sparse && name === wordEmbeddings ? 1 : copies) * arenaBytes(shape),
    0,
  );
  const { step, predict, span } = networkPrograms(setup);
  const { tokenized, trainRows, settings } = setup;
  const sizes = largestBatchSizes(tokenized, trainRows, settings.batchSize);
  const training = constantBytes(step) + constantBytes(predict) + runBytes(step, sizes);
  return (
    runtimeBytes +
    store +
    Math.max(training, span.from === 0 ? 0 : prefixBytes(setup, span.from, sizes.length))
  );
}

function prefixBytes({ request, initial }: TrainingSetup, boundary: number, length: number): number {
  const program = sentenceProgram({
    config: request.model.config,
    tasks: [],
    span: { from: 0, to: boundary },
    fed: new Set(),
    weights: initial as ReadonlyMap<string, unknown> as ReadonlyMap<string, ConstantTensor>,
    differentiate: [],
    masks: [],
    withLoss: false,
  });
  const sentences = Math.max(1, Math.floor(prefixTokens / length));
  return constantBytes(program) + runBytes(program, { tokens: sentences * length, sentences, length });
}

/** Intermediate values, outputs and data inputs of one run; parameters that are fed lie in the store. */
function runBytes(program: Program, sizes: Readonly<Record<string, number>>): number {
  const graph = recordProgram(program);
  const fed = [...graph.inputs].filter(([name]) => !/^(backbone|heads)\./.test(name) || name === hiddenInput);
  return fed.reduce((bytes, [, value]) => bytes + bytesOf(value, graph, sizes), peakBytes(graph, sizes));
}

/** Frozen weights of a session. ONNX Runtime keeps matrices once more, packed for its kernels, and frees the originals. */
function constantBytes({ constants }: Program): number {
  return Object.values(constants).reduce((bytes, { data }) => bytes + data.byteLength, 0);
}
