import type { QuantizedLinearAttributes, QuantizedWeight } from './kernels/quantized.js';
import { pruneGraph } from './prune.js';
import type { GraphNode, GraphValue, RecordedGraph } from './recordedGraph.js';

/**
 * Replaces linear layers with constant weights by products of bytes. Weights get one scale for each output (as Jacob et al. 2017,
 * arXiv:1712.05877, for convolutions), inputs one for each row, which is found when the graph runs: so what becomes of a row depends
 * on nothing but the row. Layers over few rows stay as they are.
 * @param largest the largest code of a weight: 127, or less where products of larger ones would overflow
 * @param isFew whether a recorded size counts something of which there are few
 */
export function quantizeGraph(
  graph: RecordedGraph,
  { largest, isFew }: { largest: number; isFew(size: number): boolean },
): RecordedGraph {
  const constants = new Map(graph.constants.map(({ value, data }) => [value, data as Float32Array]));
  let nextId = Math.max(...graph.nodes.flatMap(({ outputs }) => outputs.map(({ id }) => id))) + 1;
  const quantized = new Map<GraphValue, GraphNode>();
  const nodes = graph.nodes.flatMap((node): GraphNode[] => {
    const [x, weight, bias] = node.inputs as [GraphValue, GraphValue, GraphValue];
    const data = node.kernel === 'Linear' ? constants.get(weight) : undefined;
    const [rows, inner] = x?.shape as [number, number];
    if (data === undefined || isFew(rows)) return [node];
    const known = quantized.get(x);
    const rowCodes: GraphNode = known ?? {
      kernel: 'QuantizeRows',
      inputs: [x],
      outputs: [
        { id: nextId++, shape: [rows, inner], dtype: 'int32' },
        { id: nextId++, shape: [rows, 1], dtype: 'float32' },
      ],
      attributes: {},
    };
    quantized.set(x, rowCodes);
    const product: GraphNode = {
      kernel: 'QuantizedLinear',
      inputs: [...rowCodes.outputs, bias],
      outputs: node.outputs,
      attributes: {
        weight: quantizeWeight(data, { inner, largest }),
      } satisfies QuantizedLinearAttributes,
    };
    return known === undefined ? [rowCodes, product] : [product];
  });
  return pruneGraph({ ...graph, nodes });
}

/** @param weight [out, in], as PyTorch keeps it */
function quantizeWeight(
  weight: Float32Array,
  { inner, largest }: { inner: number; largest: number },
): QuantizedWeight {
  const columns = weight.length / inner;
  const codes = new Int8Array(weight.length);
  const scales = new Float32Array(columns);
  for (let column = 0; column < columns; column += 1) {
    const start = column * inner;
    let most = 0;
    for (let row = 0; row < inner; row += 1) most = Math.max(most, Math.abs(weight[start + row]!));
    const scale = most === 0 ? 1 : most / largest;
    scales[column] = scale;
    for (let row = 0; row < inner; row += 1)
      codes[row * columns + column] = Math.round(weight[start + row]! / scale);
  }
  return { codes, scales };
}
