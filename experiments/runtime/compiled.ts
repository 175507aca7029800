import { checkGraph } from '../graph/check.js';
import { lowerToOnnx } from '../graph/lowerToOnnx.js';
import { pruneGraph } from '../graph/prune.js';
import { recordGraph } from '../graph/recorder.js';
import type { RecordedGraph } from '../graph/recordedGraph.js';
import { createOnnxSession, onnxRuntimeVersion, type OnnxDevice } from './onnxSession.js';
import { runProgram, type Program } from './program.js';
import type { Executable, Runtime } from './runtime.js';

/** Records a program with its gradients as one graph that holds nothing but what its outputs need. */
export function recordProgram(program: Program): RecordedGraph {
  const constants = Object.fromEntries(
    Object.entries(program.constants).map(([name, { shape, data }]) => [
      name,
      { shape, data, dtype: 'float32' as const },
    ]),
  );
  const graph = pruneGraph(
    recordGraph({ inputs: program.inputs, constants, program: (tensors) => runProgram(program, tensors) }),
  );
  checkGraph(graph);
  return graph;
}

/** The default runtime: a program is recorded, lowered to one ONNX graph, and run by ONNX Runtime. */
export class CompiledRuntime implements Runtime {
  readonly description: string;
  readonly deterministic: boolean;
  readonly #device: OnnxDevice;
  readonly #threads: number;

  constructor(device: OnnxDevice, threads: number) {
    this.#device = device;
    this.#threads = threads;
    this.description = `${device} (ONNX Runtime ${onnxRuntimeVersion()})`;
    this.deterministic = device === 'cpu';
  }

  async compile(program: Program): Promise<Executable> {
    const graph = recordProgram(program);
    const used = new Set(graph.inputs.keys());
    const session = await createOnnxSession(lowerToOnnx(graph), this.#device, this.#threads);
    return {
      run: (feeds, fetches = {}) => {
        const needed = Object.fromEntries(Object.entries(feeds).filter(([name]) => used.has(name)));
        return session.run(needed, fetches);
      },
      dispose: () => session.dispose(),
    };
  }
}
