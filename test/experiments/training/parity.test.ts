import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fixturesFolder, neighbourFolder, torchCases } from '../../support/torchCases.js';
import { describeCase } from './describeCase.js';
import { eagerCases } from './eagerCases.js';

/** Where the trainings keep their features; gone afterwards. */
const cacheFolder = mkdtempSync(join(tmpdir(), 'frostline-parity-'));

describe('training as PyTorch does', () => {
  after(() => rmSync(cacheFolder, { recursive: true }));

  const cases = [...torchCases(fixturesFolder), ...torchCases(neighbourFolder)];
  describe('compiled', () => {
    for (const torchCase of cases) describeCase(torchCase, 'cpu', cacheFolder);
  });
  describe('eagerly in TensorFlow.js', () => {
    for (const torchCase of cases.filter(({ name }) => eagerCases.includes(name)))
      describeCase(torchCase, 'tfjs', cacheFolder);
  });
});
