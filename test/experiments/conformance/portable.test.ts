import assert from 'node:assert/strict';

import { graphModelRules } from '../../../experiments/graph/graphModel/graphModelRules.js';
import { lowerToGraphModel } from '../../../experiments/graph/graphModel/lowerToGraphModel.js';
import { kernelRules } from '../../../experiments/graph/kernelRules.js';
import { lowerToOnnx } from '../../../experiments/graph/lowerToOnnx.js';
import type { RecordedGraph } from '../../../experiments/graph/recordedGraph.js';
import { recordProgram } from '../../../experiments/runtime/recordProgram.js';
import { assertClose } from '../../support/closeness.js';
import { runGraphModel, runOnnx, type Tensors } from '../../support/exportedModels.js';
import {
  declaredResult,
  feedsOf,
  operationCases,
  runsOf,
  scaleOf,
  valuesOf,
  valueTolerance,
} from './describeOperations.js';
import { programOf, resultName } from './operationCase.js';

/** Where a recorded graph goes when a model leaves, each with a program that knows nothing of the engine. */
const targets: Record<string, (graph: RecordedGraph, feeds: Tensors) => Promise<Tensors>> = {
  'as standard ONNX, in ONNX Runtime': (graph, feeds) =>
    runOnnx(lowerToOnnx(graph, { portable: true }), feeds),
  'as a graph model, in TensorFlow.js': (graph, feeds) => runGraphModel(lowerToGraphModel(graph), feeds),
};

describe('operations of exported models', () => {
  it('have a rule for every kernel', () => {
    assert.deepEqual([...graphModelRules.keys()].sort(), [...kernelRules.keys()].sort());
  });

  for (const [target, run] of Object.entries(targets)) {
    describe(target, () => {
      for (const { differentiate: _none, ...operation } of operationCases) {
        it(`give ${operation.title}`, async () => {
          const graph = recordProgram(programOf(operation, declaredResult(operation)));
          for (const sizes of runsOf(operation)) {
            const values = valuesOf(operation, sizes);
            const { [resultName]: result } = await run(graph, feedsOf(operation, values, sizes) as Tensors);
            const expected = operation.reference(values, sizes);
            assert.deepEqual([...result.shape], operation.shape(sizes));
            assertClose(result.data, expected, valueTolerance * scaleOf(expected), 'value');
          }
        });
      }
    });
  }
});
