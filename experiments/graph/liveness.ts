import type { GraphValue, RecordedGraph } from './recordedGraph.js';

const bytesPerElement = 4;

/**
 * Most bytes that the intermediate values and outputs of a graph take at one time, for given sizes of its symbols, when each is freed
 * after its last use. Inputs and constants are not counted; a reshaped tensor shares its operand's memory.
 */
export function peakBytes(graph: RecordedGraph, sizes: Readonly<Record<string, number>>): number {
  const owners = new Map<GraphValue, GraphValue>();
  const ownerOf = (value: GraphValue): GraphValue => owners.get(value) ?? value;
  const lastUse = new Map<GraphValue, number>();
  graph.nodes.forEach(({ kernel, inputs, outputs }, index) => {
    if (kernel === 'Reshape') owners.set(outputs[0] as GraphValue, ownerOf(inputs[0] as GraphValue));
    for (const value of [...inputs, ...outputs]) lastUse.set(ownerOf(value), index);
  });
  for (const value of graph.outputs.values()) lastUse.set(ownerOf(value), graph.nodes.length);

  const given = new Set([...graph.inputs.values(), ...graph.constants.map(({ value }) => value)]);
  const live = new Map<GraphValue, number>();
  let bytes = 0;
  let peak = 0;
  graph.nodes.forEach(({ inputs, outputs }, index) => {
    for (const value of outputs) {
      if (owners.has(value) || given.has(value)) continue;
      const size = bytesOf(value, graph, sizes);
      live.set(value, size);
      bytes += size;
    }
    peak = Math.max(peak, bytes);
    for (const value of new Set([...inputs, ...outputs].map(ownerOf))) {
      if (lastUse.get(value) !== index) continue;
      bytes -= live.get(value) ?? 0;
      live.delete(value);
    }
  });
  return peak;
}

/** Bytes of a value for given sizes of the graph's symbols. */
export function bytesOf(
  { shape }: GraphValue,
  { symbols }: RecordedGraph,
  sizes: Readonly<Record<string, number>>,
): number {
  return shape.reduce((bytes, size) => {
    const factors = symbols.factor(size);
    return factors.symbols.reduce(
      (product, symbol) => product * (sizes[symbol] ?? 0),
      bytes * factors.coefficient,
    );
  }, bytesPerElement);
}
