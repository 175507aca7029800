import type { GraphValue } from '../graph/recordedGraph.js';
import type { Feeds, TensorBuffer } from './runtime.js';
import type { SymbolSizes } from './symbolSizes.js';

/** New memory for the outputs of a run that the caller gave none for. */
export class OutputBuffers {
  constructor(
    private readonly outputs: ReadonlyMap<string, GraphValue>,
    private readonly sizes: SymbolSizes,
  ) {}

  /** Buffers for the graph's outputs but those in `given`. */
  allocate(feeds: Feeds, given: Record<string, TensorBuffer>): Record<string, TensorBuffer> {
    const buffers: Record<string, TensorBuffer> = {};
    for (const [name, { shape: recorded, dtype }] of this.outputs) {
      if (name in given) continue;
      const shape = recorded.map((size) => this.sizes.resolve(size, feeds));
      const length = shape.reduce((product, size) => product * size, 1);
      const data = dtype === 'int32' ? new Int32Array(length) : new Float32Array(length);
      buffers[name] = { data, shape };
    }
    return buffers;
  }
}
