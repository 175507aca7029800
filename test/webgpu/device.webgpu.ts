import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openRuntime } from '../../experiments/runtime/device.js';
import { describeOperations } from '../experiments/conformance/describeOperations.js';
import { describeCase } from '../experiments/training/describeCase.js';
import { eventsOf, trainCase } from '../experiments/training/trainCase.js';
import { fixturesFolder, torchCases } from '../support/torchCases.js';

/** Cases trained as a whole: both families, with and without a frozen part. A software driver compiles shaders for seconds. */
const trained = ['bert-full', 'distilbert-lower-layers-frozen'];

const cacheFolder = mkdtempSync(join(tmpdir(), 'frostline-webgpu-'));
const cases = torchCases(fixturesFolder);

describe('the device webgpu', () => {
  after(() => rmSync(cacheFolder, { recursive: true }));

  it('says that it ran, and promises no equal bits on another machine', async () => {
    const runtime = await openRuntime('webgpu');
    assert.match(runtime.description, /^webgpu \(ONNX Runtime \d+\.\d+\.\d+\)$/);
    assert.equal(runtime.deterministic, false);
  });

  it('leaves nothing of a training step with every feature to the CPU', async () => {
    const everything = cases.find(({ name }) => name === 'everything-at-once');
    assert.ok(everything);
    const { events } = await trainCase(everything, 'webgpu', cacheFolder);
    assert.deepEqual(eventsOf(events, 'log'), []);
    assert.match(eventsOf(events, 'started')[0].device, /^webgpu /);
  });

  // The tolerances are those of the CPU: the conformance suite's, and the parity cases' own.
  describe('computes every operation', () => describeOperations('webgpu'));
  describe('trains as PyTorch does', () => {
    for (const torchCase of cases.filter(({ name }) => trained.includes(name))) {
      describeCase(torchCase, 'webgpu', cacheFolder);
    }
  });
});
