import { add } from '@tensorflow/tfjs-core';
import { FrostlineError } from '../errors.js';
import { checkGraph } from '../graph/check.js';
import { lowerToOnnx } from '../graph/lowerToOnnx.js';
import { quantizeGraph } from '../graph/quantizeGraph.js';
import { isSymbolOf, unsteadyProducts } from '../graph/steadyProducts.js';
import type { RecordedGraph } from '../graph/recordedGraph.js';
import {
  createOnnxSession,
  executionProviders,
  onnxRuntimeVersion,
  uncopiedOutput,
  type OnnxDevice,
} from './onnxSession.js';
import { OutputBuffers } from './outputBuffers.js';
import type { Placement } from './placement.js';
import { unavailablePrecision } from './precision.js';
import { largestWeightCode } from './processor.js';
import type { Program } from './program.js';
import { recordProgram } from './recordProgram.js';
import { SteadySessions } from './steadySessions.js';
import { SymbolSizes } from './symbolSizes.js';
import { zeros, type Executable, type Runtime } from './runtime.js';

/** Operators of ONNX Runtime's own that it has no code for on a device; graphs for that device are lowered without them. */
const lacking: Record<OnnxDevice, ReadonlySet<string>> = {
  cpu: new Set(),
  cuda: new Set(),
  webgpu: new Set(['FusedMatMul']),
};

/** The smallest program that computes something, to see whether a device starts. */
const trial: Program = {
  name: 'trial',
  inputs: { x: { shape: [4], dtype: 'float32' } },
  constants: {},
  differentiate: [],
  forward: ({ x }) => ({ outputs: { y: add(x, x) } }),
};

/** The default runtime: a program is recorded, lowered to one ONNX graph, and run by ONNX Runtime. */
export class CompiledRuntime implements Runtime {
  readonly description: string;
  readonly deterministic: boolean;
  readonly #device: OnnxDevice;
  readonly #threads: number;
  readonly #onNotice: (message: string) => void;
  /** Operators that were told to have run on the CPU. */
  readonly #announced = new Set<string>();

  private constructor(device: OnnxDevice, threads: number, onNotice: (message: string) => void) {
    this.#device = device;
    this.#threads = threads;
    this.#onNotice = onNotice;
    this.description = `${device} (ONNX Runtime ${onnxRuntimeVersion()})`;
    this.deterministic = device === 'cpu';
  }

  /**
   * The runtime of a device that is known to compute: anything but the CPU is tried first.
   * @param onNotice told of operators that a graph had to leave to the CPU
   * @throws UNAVAILABLE naming why the device does not start
   */
  static async open(
    device: OnnxDevice,
    threads: number,
    onNotice: (message: string) => void,
  ): Promise<CompiledRuntime> {
    if (device !== 'cpu') await tryDevice(device);
    return new CompiledRuntime(device, threads, onNotice);
  }

  async compile(program: Program): Promise<Executable> {
    const device = this.#device;
    const graph = program.precision === 'int8' ? quantize(program, device) : recordProgram(program);
    const used = new Set(graph.inputs.keys());
    const model = lowerToOnnx(graph, {
      lacks: lacking[device],
      ...(program.few === undefined ? {} : { few: program.few }),
      ...(device === 'cpu' ? { sequenceOutput: uncopiedOutput, transposesFirst: true } : {}),
    });
    const sizes = new SymbolSizes(graph);
    const products = device === 'cpu' ? unsteadyProducts(graph, program.few) : [];
    const sessions = await SteadySessions.open(this.#threads, products, sizes, (threads) =>
      createOnnxSession(model, {
        device,
        threads,
        ...(device === 'cpu' ? {} : { onPlacement: (placements) => this.#announce(placements) }),
      }),
    );
    const buffers = new OutputBuffers(graph.outputs, sizes);
    return {
      // The model itself too: sessions that are opened later are made of it.
      get bytes() {
        return (1 + sessions.count) * model.byteLength;
      },
      run: async (feeds, fetches = {}) => {
        const needed = Object.fromEntries(Object.entries(feeds).filter(([name]) => used.has(name)));
        const outputs = { ...buffers.allocate(needed, fetches), ...fetches };
        await (await sessions.for(needed)).run(needed, outputs);
        return outputs;
      },
      dispose: () => sessions.dispose(),
    };
  }

  #announce(placements: readonly Placement[]): void {
    const elsewhere = placements
      .filter(({ provider }) => provider === executionProviders.cpu)
      .map(({ operator }) => operator)
      .filter((operator) => !this.#announced.has(operator));
    const operators = [...new Set(elsewhere)];
    if (operators.length === 0) return;
    operators.forEach((operator) => this.#announced.add(operator));
    this.#onNotice(`device: ${this.#device} has no ${operators.join(', ')}; the CPU computes that part`);
  }
}

/** Records a program and writes its linear layers in bytes. @throws UNAVAILABLE on devices that have no products of bytes */
function quantize(program: Program, device: OnnxDevice): RecordedGraph {
  if (device !== 'cpu') throw unavailablePrecision('int8', device);
  const recorded = recordProgram(program);
  const graph = quantizeGraph(recorded, {
    largest: largestWeightCode(),
    isFew: (size) => isSymbolOf(program.few ?? [], size, recorded.symbols),
  });
  checkGraph(graph);
  return graph;
}

/** Computes something on a device. @throws UNAVAILABLE when it does not start, or when the CPU did it instead */
async function tryDevice(device: OnnxDevice): Promise<void> {
  let placed: Placement[] = [];
  const session = await createOnnxSession(lowerToOnnx(recordProgram(trial)), {
    device,
    threads: 1,
    onPlacement: (placements) => (placed = placements),
  });
  try {
    await session.run({ x: zeros([4]) }, { y: zeros([4]) });
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
    throw new FrostlineError('UNAVAILABLE', `device: ${device} failed its first computation: ${reason}`, {
      path: 'device',
      cause: error,
    });
  } finally {
    await session.dispose();
  }
  if (placed.some(({ provider }) => provider === executionProviders[device])) return;
  const ran = placed.map(({ provider }) => provider).join(', ') || 'nobody';
  throw new FrostlineError(
    'UNAVAILABLE',
    `device: ${device} was asked for and ${ran} did the work; expected ${executionProviders[device]}`,
    { path: 'device' },
  );
}
