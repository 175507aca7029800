import assert from 'node:assert/strict';
import { join } from 'node:path';

import type { Advice } from '../../../experiments/index.js';
import { runCli } from '../../support/cli.js';
import { fixturesFolder } from '../../support/torchCases.js';

const definition = join(fixturesFolder, 'validation-split', 'definition.json');

describe('frostline advise', () => {
  it('prints a row for each boundary, marks the one it recommends and says why', async () => {
    const { status, stdout, stderr } = await runCli(['advise', definition, '--set', 'training.epochs=10']);
    assert.equal(stderr, '');
    assert.equal(status, 0);
    const [header, ...lines] = stdout.split('\n');
    assert.match(
      header,
      /^ {2}frozen +topic: probe +trial +sentiment: probe +trial +trainable +step +epoch 1 +later/,
    );
    assert.match(lines[0], /^[> ] nothing +- +\d+\.\d ± \d+\.\d % +- +\d+\.\d ± \d+\.\d % +100\.0 %/);
    assert.match(lines[1], /^[> ] embeddings /);
    assert.match(lines[2], /^[> ] embeddings \+ 1 of 3 blocks /);
    assert.match(lines[3], /^[> ] embeddings \+ 2 of 3 blocks /);
    assert.match(lines[4], /^[> ] all but the heads /);
    const marked = lines.slice(0, 5).filter((line) => line.startsWith('>'));
    if (marked.length === 1)
      assert.match(stdout, /^Recommended: .+ frozen, because its accuracy after \d+ steps/m);
    else assert.match(stdout, /^No recommendation: after \d+ steps no boundary does better/m);
    assert.match(stdout, /the first \d+ of \d+ steps of training, scored on \d+ validation rows/);
  });

  it('says the same as one JSON object', async () => {
    const { status, stdout } = await runCli(['advise', definition, '--steps', '4', '--json']);
    assert.equal(status, 0);
    const advice = JSON.parse(stdout) as Advice;
    assert.equal(advice.trialSteps, 4);
    assert.deepEqual(
      advice.boundaries.map(({ boundary }) => boundary),
      [0, 1, 2, 3, 4],
    );
    assert.match(advice.device, /^(cpu|cuda) \(ONNX Runtime /);
  });

  it('refuses a trial that is too short to time', async () => {
    const { status, stderr } = await runCli(['advise', definition, '--steps', '2']);
    assert.equal(status, 2);
    assert.equal(stderr, 'frostline: --steps: expected a whole number of at least 4, got "2"\n');
  });
});
