import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openRuntime } from '../../experiments/runtime/device.js';
import { describeOperations } from '../experiments/conformance/describeOperations.js';
import { describeCase } from '../experiments/training/describeCase.js';
import { eagerCases } from '../experiments/training/eagerCases.js';
import { fixturesFolder, torchCases } from '../support/torchCases.js';

const cacheFolder = mkdtempSync(join(tmpdir(), 'frostline-tfjs-'));

describe("the device tfjs on TensorFlow's own kernels", () => {
  after(() => rmSync(cacheFolder, { recursive: true }));

  it('says which package runs', async () => {
    const { description } = await openRuntime('tfjs');
    assert.equal(description, 'tfjs tensorflow (@tensorflow/tfjs-node)');
  });

  // The tolerances are those of the other runtimes: the conformance suite's, and the parity cases' own.
  describe('computes every operation', () => describeOperations('tfjs'));
  describe('trains as PyTorch does', () => {
    for (const torchCase of torchCases(fixturesFolder).filter(({ name }) => eagerCases.includes(name))) {
      describeCase(torchCase, 'tfjs', cacheFolder);
    }
  });
});
