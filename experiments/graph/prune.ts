import type { GraphNode, GraphValue, RecordedGraph } from './recordedGraph.js';

/** Leaves out what no output depends on, such as gradients of frozen parameters. Node order is kept. */
export function pruneGraph(graph: RecordedGraph): RecordedGraph {
  const needed = new Set<GraphValue>(graph.outputs.values());
  const nodes: GraphNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    nodes.push(node);
    for (const input of node.inputs) needed.add(input);
  }
  return {
    ...graph,
    nodes: nodes.reverse(),
    inputs: new Map([...graph.inputs].filter(([, value]) => needed.has(value))),
    constants: graph.constants.filter(({ value }) => needed.has(value)),
  };
}
