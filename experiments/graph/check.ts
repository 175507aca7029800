import { FrostlineError } from '../errors.js';
import { ruleOf } from './kernelRules.js';
import type { GraphNode, GraphValue, RecordedGraph } from './recordedGraph.js';

/**
 * Checks a recording before it is lowered: every value is defined once and before its use, every node has a rule, the recorded
 * shapes and types are those that the rule infers, and every output exists. Throws INTERNAL naming the node.
 */
export function checkGraph(graph: RecordedGraph): void {
  const defined = new Set<GraphValue>([
    ...graph.inputs.values(),
    ...graph.constants.map(({ value }) => value),
  ]);
  for (const { value, data } of graph.constants) {
    const size = value.shape.reduce((product, length) => product * length, 1);
    if (data.length !== size)
      fail(`constant ${value.id} holds ${data.length} values for the shape [${value.shape}]`);
  }
  graph.nodes.forEach((node, index) => {
    const at = `node ${index} (${node.kernel})`;
    const rule = ruleOf(node.kernel);
    if (rule === undefined) return fail(`${at}: no rule`);
    for (const input of node.inputs)
      if (!defined.has(input)) fail(`${at}: uses value ${input.id} before it is defined`);
    checkOutputs(node, rule.infer(node.inputs, node.attributes), at);
    for (const output of node.outputs) {
      if (defined.has(output)) fail(`${at}: defines value ${output.id} again`);
      defined.add(output);
    }
  });
  for (const [name, value] of graph.outputs)
    if (!defined.has(value)) fail(`output ${name} is never computed`);
}

function checkOutputs(node: GraphNode, inferred: { shape: number[]; dtype: string }[], at: string): void {
  if (inferred.length !== node.outputs.length)
    fail(`${at}: yields ${node.outputs.length} values, expected ${inferred.length}`);
  inferred.forEach(({ shape, dtype }, index) => {
    const output = node.outputs[index] as GraphValue;
    if (output.dtype !== dtype || output.shape.join() !== shape.join()) {
      fail(`${at}: output ${index} is ${output.dtype}[${output.shape}], expected ${dtype}[${shape}]`);
    }
  });
}

function fail(message: string): never {
  throw new FrostlineError('INTERNAL', `Malformed graph: ${message}`);
}
