import assert from 'node:assert/strict';

import { WeightAverage } from '../../../experiments/advice/weightAverage.js';
import type { ParameterInfo, HostTensor } from '../../../experiments/index.js';
import { ParameterStore } from '../../../experiments/training/optimizer/parameterStore.js';
import { assertClose } from '../../support/closeness.js';

describe('the mean of the weights', () => {
  const info: ParameterInfo = { name: 'heads.a.0.bias', shape: [3], group: 'head', block: null, task: 'a' };
  const initial = new Map<string, HostTensor>([
    [info.name, { dtype: 'float32', shape: [3], data: Float32Array.of(9, 9, 9) }],
  ]);

  it('is taken over the steps that were added, and takes the place of the weights', () => {
    const store = new ParameterStore([info], initial, { accumulates: false, sparse: false });
    const weights = store.get(info.name)?.value.data as Float32Array;
    const average = new WeightAverage();
    for (const step of [1, 2, 6]) {
      weights.set([step, -step, 0.5]);
      average.add(store);
    }
    weights.set([100, 100, 100]);
    average.apply(store);
    assertClose(weights, [3, -3, 0.5], 1e-6, 'mean');
  });

  it('changes nothing when no step was added', () => {
    const store = new ParameterStore([info], initial, { accumulates: false, sparse: false });
    new WeightAverage().apply(store);
    assert.deepEqual([...(store.get(info.name)?.value.data as Float32Array)], [9, 9, 9]);
  });
});
