import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ExportRecord } from '../../../experiments/models/export.js';
import type { KeptRun } from '../../../server/cli/train.js';
import { runCli, type CliResult } from '../../support/cli.js';
import { useFolder } from '../../support/folder.js';
import { fixturesFolder, readJson } from '../../support/torchCases.js';

describe('frostline verify, cache and train --fork', () => {
  const folder = useFolder();
  const within = (...parts: string[]): string => join(folder.path, ...parts);

  beforeEach(() => {
    cpSync(join(fixturesFolder, 'validation-split'), within('case'), { recursive: true });
    cpSync(join(fixturesFolder, 'models'), within('models'), { recursive: true });
  });

  function cli(...args: string[]): Promise<CliResult> {
    return runCli(args, { env: { FROSTLINE_CACHE: within('cache') } });
  }

  function train(...args: string[]): Promise<CliResult> {
    return cli('train', within('case', 'definition.json'), '--set', 'training.dropout=0.1', ...args);
  }

  function flipBit(path: string, at: number): void {
    const bytes = readFileSync(path);
    bytes[at < 0 ? bytes.length + at : at] ^= 1;
    writeFileSync(path, bytes);
  }

  it('keeps what decided a run, and finds it equal when it is run again', async () => {
    assert.equal((await train('--out', within('out'))).status, 0);
    const { run, weightsSha256 } = readJson<KeptRun & ExportRecord>(within('out', 'frostline.json'));
    const { provenance, history } = run;
    assert.equal(history.losses.length, 9);
    assert.deepEqual(
      history.epochs.map(({ epoch }) => epoch),
      [1, 2, 3],
    );
    for (const field of [
      'definitionDigest',
      'datasetDigest',
      'backboneSha256',
      'tokenizerSha256',
      'engineDigest',
    ] as const)
      assert.match(provenance[field], /^[0-9a-f]{64}$/, field);
    assert.match(provenance.command, /^frostline train .*definition\.json/);
    assert.match(provenance.device, /^cpu/);
    assert.equal(provenance.nodeVersion, process.version);
    assert.ok(provenance.packages['onnxruntime-node']);

    const verified = await cli('verify', within('out'));
    assert.equal(verified.stdout, `equal: 9 steps and the weights ${weightsSha256}\n`);
    assert.equal(verified.status, 0);
  });

  it('names a row of the dataset in which a bit has flipped, and where the run first differs', async () => {
    await train('--out', within('out'));
    const data = within('case', 'data.csv');
    flipBit(data, readFileSync(data).indexOf('telescope'));
    const { status, stdout } = await cli('verify', within('out'));
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^changed dataset: .* the first row that differs is row 3 \(line 4 of .*data\.csv\): "A uelescope/m,
    );
    assert.match(stdout, /^diverged at step 1 \(epoch 1\): loss [\d.]+ was recorded, it is [\d.]+$/m);
    assert.match(stdout, /^first tensor that differs after epoch 1: backbone\.embeddings\./m);
  });

  it('names weights in which a bit has flipped: those that the run began with, and those it left', async () => {
    await train('--out', within('out'));
    const backbone = within('models', 'distilbert-tiny', 'model.safetensors');
    const firstNumber = 8 + Number(readFileSync(backbone).readBigUInt64LE(0)) + 1;
    flipBit(backbone, firstNumber);
    const began = await cli('verify', within('out'));
    assert.equal(began.status, 1);
    assert.match(began.stdout, /^changed weights: [0-9a-f]{12} was recorded, it is [0-9a-f]{12}$/m);
    flipBit(backbone, firstNumber);

    flipBit(within('out', 'heads.safetensors'), -2);
    const left = await cli('verify', within('out'));
    assert.equal(left.status, 1);
    assert.match(
      left.stderr,
      /^frostline: .*out\/heads\.safetensors: expected SHA-256 .*got [0-9a-f]{64}\n$/,
    );
  });

  it('runs with other inputs in place of those that are gone', async () => {
    await train('--out', within('out'));
    cpSync(within('case'), within('moved'), { recursive: true });
    const definition = { ...readJson<object>(within('case', 'definition.json')), dataset: 'gone.csv' };
    writeFileSync(within('case', 'definition.json'), JSON.stringify(definition));
    const { status, stdout } = await cli(
      'verify',
      within('out'),
      '--dataset',
      within('moved', 'data.csv'),
      '--model',
      within('models', 'distilbert-tiny'),
      '--json',
    );
    const found = JSON.parse(stdout) as { equal: boolean; changes: unknown[] };
    assert.deepEqual([status, found.equal, found.changes], [0, true, []]);
  });

  it('refuses what is no kept run', async () => {
    const { status, stderr } = await cli('verify', within('case'));
    assert.equal(status, 2);
    assert.match(
      stderr,
      /^frostline: .*case: expected a folder that train --out wrote, it holds no frostline\.json\n$/,
    );
  });

  it('forks a checkpoint with other settings, names the parent, and verifies that too', async () => {
    await train('--out', within('parent'), '--set', 'training.checkpointEvery=3');
    const checkpoint = within('parent', 'checkpoints', 'step-6.safetensors');
    const settings = ['--set', 'training.learningRate=0.01', '--fork', checkpoint];
    assert.equal((await train('--out', within('child'), ...settings)).status, 0);
    const { run } = readJson<KeptRun>(within('child', 'frostline.json'));
    assert.equal(run.provenance.parent?.step, 6);
    assert.match((await cli('verify', within('child'))).stdout, /^equal: 9 steps/);

    flipBit(checkpoint, -2);
    const flipped = await cli('verify', within('child'));
    assert.equal(flipped.status, 1);
    assert.match(
      flipped.stderr,
      /^frostline: .*step-6\.safetensors: the checkpoint is damaged: expected SHA-256/,
    );
  });

  it('lists and prunes what frozen layers have computed', async () => {
    for (const preset of ['head-only', 'frozen']) await train('--set', `freeze={"preset":"${preset}"}`);
    await train('--set', 'freeze={"embeddings":true,"blocks":1}');
    const listed = await cli('cache', 'list', '--json');
    const entries = listed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      entries.map(({ model, rows, boundary, pooled, inUse }) => [model, rows, boundary, pooled, inUse]),
      [
        ['../models/distilbert-tiny', 18, 4, true, false],
        ['../models/distilbert-tiny', 18, 2, false, false],
      ],
    );
    const plain = (await cli('cache', 'list')).stdout;
    assert.match(plain, /distilbert-tiny, 18 rows of at most 64 tokens, above 1 blocks, took/);
    assert.match(plain, /^2 entries, [\d.]+ kB of 10\.0 GB in /m);
    assert.match((await cli('cache', 'prune')).stdout, /^removed 0 entries/);
    assert.match((await cli('cache', 'prune', '--unused-for', '1h')).stdout, /^removed 0 entries/);
    assert.equal((await cli('cache', 'prune', '--unused-for', 'long')).status, 2);
    assert.match((await cli('cache', 'prune', '--all')).stdout, /^removed 2 entries, .*; 0 left, 0\.0 kB\n$/);
    assert.equal(
      readdirSync(within('cache', 'features'), { recursive: true }).filter((name) => name.includes('.'))
        .length,
      0,
    );
  });
});
