import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { PlacementProbe } from '../../../experiments/runtime/placement.js';

function event(operator: string, provider: string, type: string): object {
  return {
    cat: 'Node',
    name: `${operator}_kernel_time`,
    args: { op_name: operator, provider, output_type_shape: [{ [type]: [2] }] },
  };
}

describe('the placement of operators', () => {
  it('is read from the profile, without the arithmetic on shapes', () => {
    const probe = new PlacementProbe();
    const { profileFilePrefix } = probe.sessionOptions;
    writeFileSync(
      `${profileFilePrefix}_1.json`,
      JSON.stringify([
        { cat: 'Session', name: 'model_run', args: {} },
        event('Gemm', 'WebGpuExecutionProvider', 'float'),
        event('Concat', 'CPUExecutionProvider', 'int64'),
        event('FusedMatMul', 'CPUExecutionProvider', 'float'),
      ]),
    );
    assert.deepEqual(probe.read(), [
      { operator: 'Gemm', provider: 'WebGpuExecutionProvider' },
      { operator: 'FusedMatMul', provider: 'CPUExecutionProvider' },
    ]);
    probe.dispose();
    assert.equal(existsSync(dirname(profileFilePrefix)), false);
  });

  it('is empty when no profile was written', () => {
    const probe = new PlacementProbe();
    assert.deepEqual(probe.read(), []);
    probe.dispose();
  });
});
