import { checkGraph } from '../graph/check.js';
import { pruneGraph } from '../graph/prune.js';
import { recordGraph } from '../graph/recorder.js';
import type { RecordedGraph } from '../graph/recordedGraph.js';
import { runProgram, type Program } from './program.js';

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
