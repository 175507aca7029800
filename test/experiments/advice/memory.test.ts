import assert from 'node:assert/strict';

import { peakBytes } from '../../../experiments/graph/liveness.js';
import { recordProgram } from '../../../experiments/runtime/recordProgram.js';
import { add, neg, reshape, exp } from '@tensorflow/tfjs-core';
import type { Program } from '../../../experiments/runtime/program.js';

function program(forward: Program['forward']): Program {
  return {
    name: 'test',
    inputs: { x: { shape: ['rows', 4], dtype: 'float32' } },
    constants: {},
    differentiate: [],
    forward,
  };
}

describe('the memory that a graph takes', () => {
  const row = 4 * 4;

  it('is that of the values alive at one time, by the sizes of its symbols', () => {
    // Each value is freed once the next is there: two at a time.
    const chain = recordProgram(program(({ x }) => ({ outputs: { y: neg(exp(neg(x))) } })));
    assert.equal(peakBytes(chain, { rows: 3 }), 2 * 3 * row);
    assert.equal(peakBytes(chain, { rows: 100 }), 2 * 100 * row);
  });

  it('counts what is needed later for as long, and a reshaped tensor once', () => {
    const kept = recordProgram(
      program(({ x }) => {
        const first = exp(x);
        const flat = reshape(neg(first), [x.shape[0] * 4]);
        return { outputs: { y: add(first, reshape(neg(flat), [x.shape[0], 4])) } };
      }),
    );
    // exp and the last neg live when their sum is made.
    assert.equal(peakBytes(kept, { rows: 5 }), 3 * 5 * row);
  });
});
