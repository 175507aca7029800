import assert from 'node:assert/strict';

import { kernelRules } from '../../../experiments/graph/kernelRules.js';
import { recordProgram } from '../../../experiments/runtime/recordProgram.js';
import { declaredResult, describeOperations, operationCases } from './describeOperations.js';
import { programOf } from './operationCase.js';

describe('operations on every runtime', () => {
  it('are tried for every kernel that a recording may hold', () => {
    const tried = new Set<string>();
    for (const operation of operationCases) {
      const { nodes } = recordProgram(programOf(operation, declaredResult(operation)));
      for (const { kernel } of nodes) tried.add(kernel);
    }
    assert.deepEqual([...tried].sort(), [...kernelRules.keys()].sort());
  });

  describe('compiled', () => describeOperations('cpu'));
  describe('eagerly in TensorFlow.js', () => describeOperations('tfjs'));
});
