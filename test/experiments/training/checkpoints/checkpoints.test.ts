import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type FrostlineError, makeDataset } from '../../../../experiments/index.js';
import { useFolder } from '../../../support/folder.js';
import { sampleRequest, trainSample } from '../sampleRun.js';
import { eventsOf } from '../trainCase.js';

/** Flips one bit in the middle of a file. */
function flipBit(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 4;
  writeFileSync(path, bytes);
}

describe('checkpoints', () => {
  const folder = useFolder();
  let wholeRun: Promise<string> | undefined;

  /** Digest of the sample run when nothing disturbs it. */
  function undisturbed(): Promise<string> {
    wholeRun ??= trainSample().then(({ trained }) => trained.weightsSha256);
    return wholeRun;
  }

  function steps(): number[] {
    return readdirSync(folder.path)
      .flatMap((name) => /^step-(\d+)\.safetensors$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  const file = (step: number, extension = 'safetensors'): string =>
    join(folder.path, `step-${step}.${extension}`);

  it('keep the newest two and the one with the best evaluation', async () => {
    // So high a rate that it gets worse after a while.
    const { events } = await trainSample({ outputFolder: folder.path, training: { learningRate: 0.5 } });
    const evaluations = eventsOf(events, 'evaluation');
    const best = evaluations.reduce((a, b) => (b.loss < a.loss ? b : a)).step;
    const last = evaluations[evaluations.length - 1].step;
    assert.ok(best < last - 3, `best at ${best} of ${last}`);
    assert.deepEqual(
      steps(),
      [best, last - 1 - ((last - 1) % 3), last].sort((a, b) => a - b),
    );
    const marked = eventsOf(events, 'checkpoint').filter((event) => event.best);
    assert.equal(marked.at(-1)?.step, best);
  });

  it('stay all when the definition asks for it', async () => {
    const { events } = await trainSample({
      outputFolder: folder.path,
      training: { keepCheckpoints: 'all', evaluateEvery: null },
    });
    const written = eventsOf(events, 'checkpoint').map(({ step }) => step);
    assert.deepEqual(steps(), written);
    for (const step of [3, 6, 9]) assert.ok(written.includes(step));
  });

  it('hold a state that a run can go on from, whichever step it is of', async () => {
    const options = { outputFolder: folder.path, training: { keepCheckpoints: 'all' } };
    await trainSample(options);
    const there = steps();
    for (const step of [there[0], there[2], there.at(-1) as number]) {
      const { trained, events } = await trainSample({ ...options, resume: step });
      assert.equal(eventsOf(events, 'started')[0].resumedFromStep, step);
      assert.equal(trained.weightsSha256, await undisturbed());
      assert.equal(trained.history.losses.length, trained.result.steps);
    }
    await assert.rejects(trainSample({ outputFolder: folder.path, resume: 1000 }), {
      code: 'BAD_USER_INPUT',
      message: new RegExp(`expected a checkpoint of step 1000, there are those of steps ${there.join(', ')}`),
    });
  });

  it('are looked through for the newest one that is whole', async () => {
    await trainSample({ outputFolder: folder.path });
    const [older, newer] = steps().slice(-2);
    flipBit(file(newer));
    const { trained, events, logs } = await trainSample({ outputFolder: folder.path, resume: true });
    assert.equal(eventsOf(events, 'started')[0].resumedFromStep, older);
    assert.ok(logs.some((line) => line.includes(file(newer)) && /is damaged: expected SHA-256/.test(line)));
    assert.equal(trained.weightsSha256, await undisturbed());
  });

  it('are refused by name when all are damaged', async () => {
    await trainSample({ outputFolder: folder.path });
    for (const step of steps()) flipBit(file(step));
    const newest = steps().at(-1) as number;
    await assert.rejects(trainSample({ outputFolder: folder.path, resume: true }), {
      code: 'CORRUPT',
      source: file(newest),
    });
    await assert.rejects(trainSample({ outputFolder: folder.path, resume: newest }), { code: 'CORRUPT' });
  });

  it('with a damaged record are passed over like damaged ones', async () => {
    await trainSample({ outputFolder: folder.path });
    const [older, newer] = steps().slice(-2);
    for (const damage of [
      (): void => flipBit(file(newer, 'json')),
      (): void => writeFileSync(file(newer, 'json'), ''),
    ]) {
      damage();
      const { events } = await trainSample({ outputFolder: folder.path, resume: true });
      assert.equal(eventsOf(events, 'started')[0].resumedFromStep, older);
    }
  });

  it('that cannot be written are told of, and neither the run nor those before suffer', async () => {
    mkdirSync(join(file(6), 'in the way'), { recursive: true });
    const { trained, logs } = await trainSample({
      outputFolder: folder.path,
      training: { keepCheckpoints: 'all', evaluateEvery: null },
    });
    assert.equal(trained.weightsSha256, await undisturbed());
    const warning = logs.find((line) => line.startsWith('The checkpoint of step 6'));
    assert.match(
      String(warning),
      /could not be written \(.+\); the run goes on, the newest is that of step 3$/,
    );
    const { trained: resumed } = await trainSample({ outputFolder: folder.path, resume: 3 });
    assert.equal(resumed.weightsSha256, trained.weightsSha256);
    assert.deepEqual(
      readdirSync(folder.path).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('that a killed process left half-written are cleared away', async () => {
    const left = [`step-3.safetensors.${2 ** 30}.0123abcd.tmp`, 'step-1.safetensors'];
    for (const name of left) writeFileSync(join(folder.path, name), 'half');
    await trainSample({ outputFolder: folder.path });
    for (const name of left) assert.ok(!readdirSync(folder.path).includes(name), name);
  });

  it('of a run whose losses are no longer numbers give back just that', async () => {
    const options = {
      outputFolder: folder.path,
      training: { learningRate: 1e30, keepCheckpoints: 'all', checkpointEvery: 1 },
    };
    const { trained, events } = await trainSample(options);
    assert.ok(trained.history.losses.some(Number.isNaN));
    const resumed = await trainSample({ ...options, resume: 11 });
    assert.deepEqual(resumed.trained.history.losses, trained.history.losses);
    assert.deepEqual(
      eventsOf(resumed.events, 'epoch').at(-1)?.stepLosses,
      eventsOf(events, 'epoch').at(-1)?.stepLosses,
    );
    assert.equal(resumed.trained.weightsSha256, trained.weightsSha256);
  });

  it('of another run are refused, and what differs is named', async () => {
    await trainSample({ outputFolder: folder.path });
    const { dataset, model } = await sampleRequest();
    const rows = dataset.rows.map((row, index) =>
      index === 3 ? { ...row, sentence: `${row.sentence}!` } : row,
    );
    const cases: [object, RegExp][] = [
      [{ training: { learningRate: 0.1 } }, /another training\.learningRate \(0\.005 instead of 0\.1\);/],
      [{ dataset: makeDataset(rows, dataset.tasks) }, /with another dataset \(/],
      [{ model: { ...model, weightsSha256: '00' } }, /backbone/],
    ];
    for (const [options, message] of cases) {
      await assert.rejects(trainSample({ outputFolder: folder.path, resume: true, ...options }), {
        code: 'CONFLICT',
        message,
      });
    }
    // What changes no number may change.
    const { trained } = await trainSample({
      outputFolder: folder.path,
      resume: true,
      training: { checkpointEvery: 5, keepCheckpoints: 'all' },
    });
    assert.equal(trained.weightsSha256, await undisturbed());
  });

  it('remember that a run was stopped early', async () => {
    const options = {
      outputFolder: folder.path,
      training: { epochs: 40, earlyStopping: { metric: 'validation/loss', patience: 2 }, learningRate: 0.5 },
    };
    const first = await trainSample(options);
    const again = await trainSample({ ...options, resume: true });
    assert.ok(first.trained.result.steps < 40 * 3);
    assert.equal(eventsOf(again.events, 'step').length, 0);
    assert.equal(again.trained.weightsSha256, first.trained.weightsSha256);
  });

  it('are written when a run is cancelled', async () => {
    const controller = new AbortController();
    const request = await sampleRequest({
      outputFolder: folder.path,
      signal: controller.signal,
      training: { checkpointEvery: null },
    });
    const { train } = await import('../../../../experiments/index.js');
    const run = train({
      ...request,
      onEvent: (event) => {
        if (event.type === 'step' && event.step === 5) controller.abort();
      },
    });
    await assert.rejects(run, (error: FrostlineError) => error.code === 'CANCELLED');
    assert.deepEqual(steps(), [5]);
  });
});
