import assert from 'node:assert/strict';
import { matchesIn } from '../../web/lib/matches.js';
import { remainingSeconds } from '../../web/lib/remaining.js';
import { changeablePaths, readChanges } from '../../web/lib/setting-changes.js';
import { timelineOf } from '../../web/lib/timeline.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();

describe('a text that is searched', () => {
  it('is cut at what matches, whatever the case, and is whole when put together', () => {
    assert.deepEqual(matchesIn('Loss loss', 'LOSS'), [
      { text: 'Loss', match: true },
      { text: ' ', match: false },
      { text: 'loss', match: true },
    ]);
    assert.deepEqual(matchesIn('abc', ''), [{ text: 'abc', match: false }]);
    // "İ" is two characters in lower case.
    assert.deepEqual(matchesIn('İx', 'x'), [{ text: 'İx', match: true }]);
  });
});

describe("a run's timeline", () => {
  const attempt = (
    number: number,
    from: number,
    to: number | null,
    state: 'LOST' | 'RUNNING' | 'FINISHED',
  ) => ({
    number,
    state,
    startedAt: at(from),
    finishedAt: to === null ? null : at(to),
  });

  it('has the waiting and each attempt, up to now while the run goes on', () => {
    const run = {
      createdAt: at(0),
      finishedAt: null,
      attempts: [attempt(1, 10, 40, 'LOST'), attempt(2, 50, null, 'RUNNING')],
    };
    const { bars, start, end } = timelineOf(run, Date.parse(at(100)));
    assert.deepEqual(
      bars.map(({ name, kind, from, to }) => [name, kind, (from - start) / 1000, (to - start) / 1000]),
      [
        ['Queued', 'queued', 0, 10],
        ['Attempt 1', 'lost', 10, 40],
        ['Attempt 2', 'running', 50, 100],
      ],
    );
    assert.equal((end - start) / 1000, 100);
  });

  it('of a run that is over ends with it, whatever the time', () => {
    const run = { createdAt: at(0), finishedAt: at(30), attempts: [attempt(1, 5, 30, 'FINISHED')] };
    assert.equal(timelineOf(run, Date.parse(at(999))).end, Date.parse(at(30)));
    assert.equal(timelineOf({ ...run, attempts: [] }, 0).bars.length, 1);
  });
});

describe('the time that a run still needs', () => {
  it('goes by what the newest attempt has done, not by what it went on from', () => {
    const run = {
      progress: { step: 75, totalSteps: 100, fraction: 0.75 },
      attempts: [
        { startedAt: at(0), firstStep: 0 },
        { startedAt: at(1000), firstStep: 50 },
      ],
    };
    assert.equal(remainingSeconds(run, Date.parse(at(1025))), 25);
    assert.equal(remainingSeconds({ ...run, attempts: [] }, Date.parse(at(1025))), null);
    assert.equal(
      remainingSeconds({ ...run, progress: { ...run.progress, step: 50 } }, Date.parse(at(1025))),
      null,
    );
  });
});

describe('settings that are changed by hand', () => {
  it('are JSON where they are some, else text; empty lines change nothing', () => {
    const { values, complaints } = readChanges([
      { path: 'training.learningRate', text: ' 1e-5 ' },
      { path: 'training.shuffle', text: 'false' },
      { path: 'freeze', text: '{"preset": "head-only"}' },
      { path: 'training.schedule', text: 'cosine' },
      { path: 'training.epochs', text: '' },
    ]);
    assert.deepEqual(values, {
      'training.learningRate': 1e-5,
      'training.shuffle': false,
      freeze: { preset: 'head-only' },
      'training.schedule': 'cosine',
    });
    assert.deepEqual(complaints, [null, null, null, null, null]);
  });

  it('say what is wrong with a line', () => {
    const { complaints } = readChanges([
      { path: '', text: '1' },
      { path: 'a', text: '1' },
      { path: 'a', text: '2' },
      { path: 'freeze', text: '{"preset"' },
    ]);
    assert.match(complaints[0]!, /path of a setting/);
    assert.match(complaints[2]!, /changed twice/);
    assert.match(complaints[3]!, /not closed/);
  });

  it('are those that a fork can take', () => {
    const paths = changeablePaths({
      model: 'm',
      training: { epochs: 4 },
      tasks: [{ name: 'topic', hidden: 8 }],
    });
    assert.deepEqual(paths, { 'training.epochs': '4' });
  });
});
