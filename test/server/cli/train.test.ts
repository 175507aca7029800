import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { runCli, type CliResult } from '../../support/cli.js';
import { useFolder } from '../../support/folder.js';
import { fixturesFolder } from '../../support/torchCases.js';

type Line = Record<string, unknown> & { type: string };

const fixture = join(fixturesFolder, 'validation-split', 'definition.json');

function linesOf({ stdout, stderr, status }: CliResult): Line[] {
  assert.equal(status, 0, stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

describe('frostline train', () => {
  const folder = useFolder();
  const out = (): string => join(folder.path, 'out');

  it('prints an object for each epoch and one for the result', async () => {
    const run = await runCli(['train', fixture, '--json', '--set', 'training.epochs=2']);
    assert.equal(run.stderr, '');
    const [first, second, result, ...more] = linesOf(run);
    assert.deepEqual([first.type, second.type, result.type, more.length], ['epoch', 'epoch', 'result', 0]);
    assert.deepEqual(Object.keys(first), [
      'type',
      'epoch',
      'lossSum',
      'loss',
      'stepLosses',
      'train',
      'validation',
      'seconds',
      'sentencesPerSecond',
    ]);
    const { accuracy } = (first.train as Record<string, { accuracy: number }>).topic;
    assert.ok(accuracy >= 0 && accuracy <= 1);
    assert.deepEqual(Object.keys(result), [
      'type',
      'weightsSha256',
      'trainableParameters',
      'totalParameters',
      'seconds',
      'features',
    ]);
    assert.deepEqual(Object.keys(result.features as object), ['computed', 'reused', 'secondsSaved']);
  });

  it('prints a line for people without --json', async () => {
    const { stdout, status } = await runCli(['train', fixture, '--set', 'training.epochs=1']);
    assert.equal(status, 0);
    assert.match(stdout, /^epoch 1\/1 {2}loss sum \d+\.\d+ {2}topic [\d.]+ % \(validation [\d.]+ %\)/);
    assert.match(
      stdout,
      /\ntrained [\d,]+ of [\d,]+ parameters \([\d.]+ %\) in [\d.]+ s, weights [0-9a-f]{12}\n$/,
    );
  });

  it('says what of the frozen layers was computed and what was there', async () => {
    const training = ['--set', 'training.epochs=1', 'freeze.preset=head-only'];
    const env = { FROSTLINE_CACHE: join(folder.path, 'cache') };
    const [first, second] = [
      await runCli(['train', fixture, ...training], { env }),
      await runCli(['train', fixture, ...training], { env }),
    ];
    const [, rows] = /\nfrozen layers: (\d+) rows computed, 0 reused\ntrained /.exec(first.stdout) ?? [];
    assert.ok(Number(rows) > 0, first.stdout);
    const again = new RegExp(`\\nfrozen layers: 0 rows computed, ${rows} reused, [\\d.]+ s saved\\ntrained `);
    assert.match(second.stdout, again);
    const { stdout } = await runCli(['train', fixture, '--set', 'training.epochs=1'], { env });
    assert.doesNotMatch(stdout, /frozen layers/);
  });

  it('trains each run of a sweep, and says which is which', async () => {
    const run = await runCli([
      'train',
      fixture,
      '--json',
      '--set',
      'training.epochs=1',
      '--set',
      'sweep.training.seed=[1,2]',
    ]);
    assert.deepEqual(
      linesOf(run).map((line) => [line.type, (line.run as string).replace(/^.*\(/, '(')]),
      [
        ['epoch', '(seed=1)'],
        ['result', '(seed=1)'],
        ['epoch', '(seed=2)'],
        ['result', '(seed=2)'],
      ],
    );
  });

  it('writes a model that predict and embed take', async () => {
    const [, result] = linesOf(
      await runCli(['train', fixture, '--json', '--set', 'training.epochs=1', '--out', out()]),
    );
    const record = JSON.parse(readFileSync(join(out(), 'frostline.json'), 'utf8')) as Record<string, unknown>;
    assert.equal(record.weightsSha256, result.weightsSha256);

    const input = 'AI is transforming industries.\r\n\nThe universe is expanding rapidly.';
    const predictions = linesOf(await runCli(['predict', '--model', out()], { input }));
    assert.equal(predictions.length, 3, 'an empty line is a sentence, the end of the file is none');
    const { classes } = (record.tasks as { name: string; classes: string[] }[])[0];
    for (const prediction of predictions) {
      const { label, logits } = prediction.topic as { label: string; logits: number[] };
      assert.equal(logits.length, classes.length);
      assert.equal(label, classes[logits.indexOf(Math.max(...logits))]);
    }

    const embeddings = linesOf(await runCli(['embed', '--model', out()], { input })) as unknown as number[][];
    assert.equal(embeddings.length, 3);
    for (const embedding of embeddings) {
      assert.ok(Math.abs(Math.hypot(...embedding) - 1) < 1e-5, 'of length one');
    }
  });

  it('says aloud that weights are random, and keeps it in the record', async () => {
    const model = join(folder.path, 'model');
    cpSync(join(fixturesFolder, 'models', 'distilbert-tiny'), model, { recursive: true });
    rmSync(join(model, 'model.safetensors'));
    const args = [
      'train',
      fixture,
      '--json',
      '--set',
      `model=${model}`,
      '--set',
      'training.epochs=1',
      '--out',
      out(),
    ];
    const { status, stderr } = await runCli(args);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^note: .* holds no weights: they are drawn at random from seed \d+\n$/);
    const record = JSON.parse(readFileSync(join(out(), 'frostline.json'), 'utf8')) as { backbone: object };
    assert.deepEqual(
      { ...record.backbone, weightsSha256: '', tokenizerSha256: '' },
      {
        source: 'random',
        weightsSha256: '',
        tokenizerSha256: '',
        randomWeights: true,
      },
    );
  });

  it('stops on Ctrl-C with status 130 and one line, and writes no model', async () => {
    let sent = false;
    const run = await runCli(
      ['train', fixture, '--json', '--set', 'training.epochs=100000', '--out', out()],
      {
        onOutput: (stdout, kill) => {
          if (!sent && stdout.includes('\n')) kill('SIGINT');
          sent = true;
        },
      },
    );
    assert.equal(run.status, 130);
    assert.match(run.stderr, /^frostline: [^\n]*cancelled[^\n]*\n$/i);
    assert.ok(!existsSync(join(out(), 'frostline.json')));
  });

  it('goes on from the newest checkpoint, to the same weights that an uninterrupted run reaches', async () => {
    const settings = [
      '--set',
      'training.epochs=30',
      '--set',
      'training.checkpointEvery=1',
      '--set',
      'training.dropout=0.2',
    ];
    const whole = linesOf(await runCli(['train', fixture, '--json', ...settings, '--out', out()])).at(-1);

    assert.ok(readdirSync(join(out(), 'checkpoints')).length > 0);
    const other = join(folder.path, 'other');
    let sent = false;
    await runCli(['train', fixture, '--json', ...settings, '--out', other], {
      onOutput: (stdout, kill) => {
        if (!sent && stdout.includes('"epoch":1,')) kill('SIGKILL');
        sent = true;
      },
    });
    const forgotten = await runCli(['train', fixture, ...settings, '--out', other]);
    assert.equal(forgotten.status, 2);
    assert.match(
      forgotten.stderr,
      /other: holds a run that did not end .*step \d+\): --resume goes on with it, --overwrite begins anew/,
    );
    const resumed = linesOf(
      await runCli(['train', fixture, '--json', ...settings, '--out', other, '--resume']),
    ).at(-1);
    assert.equal(resumed?.weightsSha256, whole?.weightsSha256);
  });

  it('begins anew over a run that ended, or did not with --overwrite, without the checkpoints that were there', async () => {
    const checkpoints = (): string[] => readdirSync(join(out(), 'checkpoints')).sort();
    const train = (epochs: number, ...more: string[]): Promise<CliResult> =>
      runCli(['train', fixture, '--set', `training.epochs=${epochs}`, '--out', out(), ...more]);
    assert.equal((await train(2)).status, 0);
    const [newest] = checkpoints();
    assert.equal((await train(1)).status, 0);
    const after = checkpoints();
    assert.equal(after.length, 2);
    assert.ok(!after.includes(newest!));

    for (const name of readdirSync(out())) {
      if (name !== 'checkpoints') rmSync(join(out(), name), { recursive: true });
    }
    assert.equal((await train(2)).status, 2);
    assert.deepEqual(checkpoints(), after);
    assert.equal((await train(2, '--overwrite')).status, 0);
    assert.equal(checkpoints()[0], newest);

    const own = await train(
      1,
      '--fork',
      join(out(), 'checkpoints', newest!.replace('.json', '.safetensors')),
    );
    assert.match(own.stderr, /--fork: expected a checkpoint outside of --out/);
    assert.equal(checkpoints()[0], newest);
  });

  it('starts from the beginning with --resume when there is no checkpoint', async () => {
    const run = await runCli([
      'train',
      fixture,
      '--json',
      '--set',
      'training.epochs=1',
      '--out',
      out(),
      '--resume',
    ]);
    assert.equal(linesOf(run).at(-1)?.type, 'result');
  });
});
