import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { PrecisionReport } from '../../../experiments/advice/comparePrecisions.js';
import { runCli } from '../../support/cli.js';
import { fixturesFolder } from '../../support/torchCases.js';

const model = join(fixturesFolder, 'models', 'bert-tiny');
const data = join(fixturesFolder, 'validation-split', 'data.csv');

describe('precisions on the command line', () => {
  it('are compared on a file, as a table and as JSON', async () => {
    const [table, json] = await Promise.all([
      runCli(['precisions', data, '--model', model, '--device', 'cpu']),
      runCli(['precisions', data, '--model', model, '--device', 'cpu', '--json']),
    ]);
    assert.equal(table.stderr, '');
    assert.match(
      table.stdout,
      /^precision +sentences\/s +mean cosine +least +topic: probe\nfloat32 +\d+ +1\.00000 +1\.00000 +.*%\nint8 +\d+ +0\.\d{5} /,
    );
    const reports = JSON.parse(json.stdout) as PrecisionReport[];
    assert.deepEqual(
      reports.map(({ precision }) => precision),
      ['float32', 'int8'],
    );
  });

  it('are chosen for embeddings, and one that is not there is refused', async () => {
    const input = 'One sentence.\n';
    const embed = (precision: string) =>
      runCli(['embed', '--model', model, '--device', 'cpu', '--precision', precision], { input });
    const [exact, bytes, unknown] = await Promise.all(['float32', 'int8', 'int4'].map(embed));
    assert.deepEqual([exact!.status, bytes!.status, unknown!.status], [0, 0, 2]);
    const [a, b] = [exact!, bytes!].map(({ stdout }) => JSON.parse(stdout) as number[]);
    const cosine = a!.reduce((sum, value, place) => sum + value * b![place]!, 0);
    assert.ok(cosine > 0.99 && cosine < 1 - 1e-9, String(cosine));
    assert.equal(unknown!.stderr, 'frostline: --precision: expected one of float32, int8, got "int4"\n');
  });

  it('are refused on devices that have no int8', async () => {
    const args = ['embed', '--model', model, '--device', 'tfjs', '--precision', 'int8'];
    const { status, stderr } = await runCli(args, { input: 'a\n' });
    assert.notEqual(status, 0);
    assert.match(stderr, /precision: int8 is computed on the CPU only, the device is tfjs/);
  });
});
