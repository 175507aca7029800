import type { RecordedGraph } from '../graph/recordedGraph.js';
import type { Feeds, TensorBuffer } from './runtime.js';

/**
 * New memory for the outputs of a run that the caller gave none for. Their sizes follow from those of the inputs: a symbol of the
 * recording is read off the first input that has it as a plain dimension.
 */
export class OutputBuffers {
  readonly #graph: RecordedGraph;
  readonly #places = new Map<string, { input: string; axis: number }>();

  constructor(graph: RecordedGraph) {
    this.#graph = graph;
    for (const [input, { shape }] of graph.inputs) {
      shape.forEach((size, axis) => {
        const { coefficient, symbols } = graph.symbols.factor(size);
        const [symbol] = symbols;
        if (coefficient !== 1 || symbols.length !== 1 || symbol === undefined) return;
        if (!this.#places.has(symbol)) this.#places.set(symbol, { input, axis });
      });
    }
  }

  /** Buffers for the graph's outputs but those in `given`. */
  allocate(feeds: Feeds, given: Record<string, TensorBuffer>): Record<string, TensorBuffer> {
    const sizeOf = (symbol: string): number => {
      const { input, axis } = this.#places.get(symbol) as { input: string; axis: number };
      return feeds[input].shape[axis];
    };
    const buffers: Record<string, TensorBuffer> = {};
    for (const [name, { shape: recorded, dtype }] of this.#graph.outputs) {
      if (name in given) continue;
      const shape = recorded.map((size) => {
        const { coefficient, symbols } = this.#graph.symbols.factor(size);
        return symbols.reduce((product, symbol) => product * sizeOf(symbol), coefficient);
      });
      const length = shape.reduce((product, size) => product * size, 1);
      const data = dtype === 'int32' ? new Int32Array(length) : new Float32Array(length);
      buffers[name] = { data, shape };
    }
    return buffers;
  }
}
