import assert from 'node:assert/strict';
import { readHistories } from '../../../server/metrics/readHistory.js';
import { insertRun, insertRunningAttempt } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

const START = `mutation ($input: StartExternalRunInput!) {
  startExternalRun(input: $input) { run { id name state tags definition experiment { name } freeze { label } startedAt } }
}`;
const LOG = 'mutation ($input: LogMetricsInput!) { logMetrics(input: $input) { points stored } }';
const FINISH =
  'mutation ($input: FinishRunInput!) { finishRun(input: $input) { run { state finishedAt error { message } progress { step } } } }';
const HISTORY = `query ($runIds: [ID!]!, $names: [String!]!) {
  metricHistory(runIds: $runIds, names: $names) { name count nonFinite buckets { step time last lastSpecial } }
}`;
const SUMMARIES =
  'query ($id: ID!) { run(id: $id) { metrics { name count nonFinite last lastStep min max } } }';

describe('runs that are trained elsewhere', () => {
  const server = useServer();
  let keys = 0;

  const start = async (overrides: object = {}): Promise<string> => {
    const input = { name: 'a run', experiment: 'elsewhere', ...overrides };
    const { data, errors } = await server.query<{ startExternalRun: { run: { id: string } } }>(START, {
      input,
    });
    assert.equal(errors, undefined, server.logged.at(-1));
    return data.startExternalRun.run.id;
  };
  const send = async (runId: string, series: object[], key = `call ${(keys += 1)}`) =>
    server.query<{ logMetrics: { points: number; stored: boolean } }>(LOG, { input: { runId, key, series } });
  const log = async (runId: string, series: object[], key?: string) => {
    const { data, errors } = await send(runId, series, key);
    assert.equal(errors, undefined);
    return data.logMetrics;
  };
  const read = async (runId: string, name: string) => {
    const [history] = await readHistories(server.database.pool, { runIds: [runId], names: [name] });
    return history && { steps: [...history.points.steps], values: [...history.points.values] };
  };
  const summaries = async (id: string) => {
    const { data } = await server.query<{ run: { metrics: Record<string, unknown>[] } }>(SUMMARIES, { id });
    return data.run.metrics;
  };

  describe('when they begin', () => {
    it('leave an experiment that cannot be launched, as it has no definition', async () => {
      await start();
      const { errors } = await server.query(
        'mutation ($input: LaunchExperimentInput!) { launchExperiment(input: $input) { runs { id } } }',
        { input: { experiment: 'elsewhere' } },
      );
      assert.match(errors![0]!.message, /experiment: its runs are trained elsewhere/);
      assert.equal(errors![0]!.extensions.code, 'BAD_USER_INPUT');
    });

    it('have name, experiment, settings and tags', async () => {
      const settings = { lr: 0.1, training: { seed: 7 } };
      const input = { name: 'mine', experiment: 'new one', settings, tags: ['a', 'b', 'a'] };
      const { data } = await server.query<{ startExternalRun: { run: { id: string; startedAt: string } } }>(
        START,
        {
          input,
        },
      );
      const { id: _id, startedAt, ...run } = data.startExternalRun.run;
      assert.ok(Date.now() - Date.parse(startedAt) < 60_000);
      assert.deepEqual(run, {
        name: 'mine',
        state: 'RUNNING',
        tags: ['a', 'b'],
        definition: settings,
        experiment: { name: 'new one' },
        freeze: { label: 'trained elsewhere' },
      });
    });

    it('share an experiment, also when many begin at once', async () => {
      const ids = await Promise.all(Array.from({ length: 20 }, () => start({ experiment: 'crowd' })));
      assert.equal(new Set(ids).size, 20);
      const { data } = await server.query('{ experiment(name: "crowd") { runs { totalCount } } }');
      assert.deepEqual(data, { experiment: { runs: { totalCount: 20 } } });
    });

    it('are the same run under the same key', async () => {
      const first = await start({ key: 'k', name: 'first' });
      assert.equal(await start({ key: 'k', name: 'second' }), first);
      assert.notEqual(await start({ key: 'other' }), first);
    });

    it('are refused with what was wrong and where', async () => {
      for (const [overrides, path, message] of [
        [{ name: '' }, 'name', /expected a name/],
        [{ name: 'x'.repeat(201) }, 'name', /at most 200 characters, got 201/],
        [{ experiment: 'a/b' }, 'experiment', /expected letters/],
        [{ settings: [1] }, 'settings', /expected an object/],
        [{ settings: { a: { b: 'x\0' } } }, 'settings.a.b', /NUL/],
        [{ tags: ['ok', ''] }, 'tags.1', /expected text/],
      ] as const) {
        const input = Object.assign({ name: 'a run', experiment: 'elsewhere' }, overrides);
        const { errors } = await server.query(START, { input });
        assert.equal(errors?.[0]?.extensions.code, 'BAD_USER_INPUT');
        assert.equal(errors?.[0]?.extensions.path, path);
        assert.match(errors?.[0]?.message ?? '', message);
      }
    });
  });

  describe('when they log', () => {
    it('have their points in history and summary when the call is answered', async () => {
      const id = await start();
      assert.deepEqual(await log(id, [{ name: 'loss', steps: [1, 2, 3], values: [3, 1, 2] }]), {
        points: 3,
        stored: true,
      });
      assert.deepEqual(await read(id, 'loss'), { steps: [1, 2, 3], values: [3, 1, 2] });
      assert.deepEqual(await summaries(id), [
        { name: 'loss', count: 3, nonFinite: 0, last: 2, lastStep: 3, min: 1, max: 3 },
      ]);
    });

    it('keep NaN and infinities, which come as nulls with words', async () => {
      const id = await start();
      const values = [1, null, null, null, 2];
      await log(id, [
        { name: 'words', steps: [1, 2, 3, 4, 5], values, special: ['Infinity', 'NaN', '-Infinity'] },
        { name: 'bare', steps: [1, 2], values: [null, 1] },
      ]);
      assert.deepEqual((await read(id, 'words'))?.values, [1, Infinity, NaN, -Infinity, 2]);
      assert.deepEqual((await read(id, 'bare'))?.values, [NaN, 1]);
      const { data } = await server.query<{ metricHistory: { nonFinite: number }[] }>(HISTORY, {
        runIds: [id],
        names: ['words'],
      });
      assert.equal(data.metricHistory[0]!.nonFinite, 3);
    });

    it('keep the times they give, to the millisecond, or get those of the call', async () => {
      const id = await start();
      const before = Date.now();
      await log(id, [
        { name: 'given', steps: [1, 2], values: [1, 2], times: [1e12, 1e12 + 0.6] },
        { name: 'not given', steps: [1], values: [1] },
      ]);
      const { data } = await server.query<{ metricHistory: { buckets: { time: number }[] }[] }>(HISTORY, {
        runIds: [id],
        names: ['given', 'not given'],
      });
      const [given, other] = data.metricHistory.map(({ buckets }) => buckets.map(({ time }) => time));
      assert.deepEqual(given, [1e12, 1e12 + 1]);
      assert.ok(other![0]! >= before && other![0]! <= Date.now());
    });

    it('change nothing under a key that was used, whatever they bring', async () => {
      const id = await start();
      await log(id, [{ name: 'loss', steps: [1], values: [1] }], 'once');
      const again = await log(id, [{ name: 'loss', steps: [2], values: [9] }], 'once');
      assert.deepEqual(again, { points: 1, stored: false });
      assert.deepEqual(await read(id, 'loss'), { steps: [1], values: [1] });
      const other = await start();
      assert.equal((await log(other, [{ name: 'loss', steps: [1], values: [1] }], 'once')).stored, true);
    });

    it('count once when the same call comes many times at once', async () => {
      const id = await start();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => log(id, [{ name: 'loss', steps: [1, 2], values: [1, 2] }], 'same')),
      );
      assert.equal(answers.filter(({ stored }) => stored).length, 1);
      assert.deepEqual(await summaries(id), [
        { name: 'loss', count: 2, nonFinite: 0, last: 2, lastStep: 2, min: 1, max: 2 },
      ]);
    });

    it('replace what they logged of a step before, in the same call and in another', async () => {
      const id = await start();
      await log(id, [{ name: 'loss', steps: [1, 2, 2, 3], values: [1, 100, 2, 3] }]);
      assert.deepEqual(await read(id, 'loss'), { steps: [1, 2, 3], values: [1, 2, 3] });
      await log(id, [{ name: 'loss', steps: [3, 1], values: [30, -5] }]);
      assert.deepEqual(await read(id, 'loss'), { steps: [1, 2, 3], values: [-5, 2, 30] });
      assert.deepEqual(await summaries(id), [
        { name: 'loss', count: 3, nonFinite: 0, last: 30, lastStep: 3, min: -5, max: 30 },
      ]);
    });

    it('may come out of order, with late points between earlier ones', async () => {
      const id = await start();
      await log(id, [{ name: 'loss', steps: [10, 30], values: [1, 3] }]);
      await log(id, [{ name: 'loss', steps: [20, 0], values: [2, 0] }]);
      assert.deepEqual(await read(id, 'loss'), { steps: [0, 10, 20, 30], values: [0, 1, 2, 3] });
      const [summary] = await summaries(id);
      assert.deepEqual([summary!.last, summary!.lastStep, summary!.count], [3, 30, 4]);
    });

    it('take names in any script', async () => {
      const id = await start();
      const names = [
        '損失',
        'потеря',
        'a "quoted" \\ name\n',
        '🙂/loss',
        ' ',
        "'; DROP TABLE run; --",
        '{a,b}',
      ];
      await log(
        id,
        names.map((name, index) => ({ name, steps: [1], values: [index] })),
      );
      for (const [index, name] of names.entries()) assert.deepEqual((await read(id, name))?.values, [index]);
    });

    it('are refused with what was wrong and where, and store nothing then', async () => {
      const id = await start();
      const good = { name: 'good', steps: [1], values: [1] };
      for (const [series, path, message] of [
        [{ name: 'a', steps: [1, 2], values: [1] }, 'series.1.values', /as many as steps \(2\), got 1/],
        [
          { name: 'a', steps: [1], values: [1], times: [] },
          'series.1.times',
          /as many as steps \(1\), got 0/,
        ],
        [{ name: '', steps: [1], values: [1] }, 'series.1.name', /expected the name/],
        [{ name: 'é'.repeat(257), steps: [], values: [] }, 'series.1.name', /512 bytes of UTF-8, got 514/],
        [{ name: 'a\0', steps: [1], values: [1] }, 'series.1.name', /NUL/],
        [{ name: '\ud800', steps: [1], values: [1] }, 'series.1.name', /well-formed/],
        [{ name: 'a', steps: [1], values: [null], special: ['nan'] }, 'series.1.special.0', /expected NaN/],
        [
          { name: 'a', steps: [1], values: [1], special: ['NaN'] },
          'series.1.special',
          /each null in values \(0\)/,
        ],
        [
          { name: 'a', steps: [1], values: [1], times: [9e15] },
          'series.1.times.0',
          /milliseconds since 1970/,
        ],
      ] as const) {
        const { errors } = await send(id, [good, series]);
        assert.equal(errors?.[0]?.extensions.code, 'BAD_USER_INPUT', JSON.stringify(errors));
        assert.equal(errors[0].extensions.path, path);
        assert.match(errors[0].message, message);
      }
      const { errors } = await send(id, [good], '');
      assert.equal(errors?.[0]?.extensions.path, 'key');
      assert.deepEqual(await summaries(id), []);
    });

    it('are refused when the run is not there or a worker has it, without harm to others in the same moment', async () => {
      const id = await start();
      const { run } = await insertRunningAttempt(server.database);
      const waiting = await insertRun(server.database, { state: 'QUEUED' });
      const point = [{ name: 'loss', steps: [1], values: [1] }];
      const missing = '00000000-0000-0000-0000-000000000000';
      const answers = await Promise.all([
        send(missing, point),
        send('nonsense', point),
        send(run.id, point),
        send(waiting.id, point),
        send(id, point),
      ]);
      assert.deepEqual(
        answers.map(({ errors }) => errors?.[0]?.extensions.code),
        ['NOT_FOUND', 'NOT_FOUND', 'CONFLICT', 'CONFLICT', undefined],
      );
      assert.deepEqual(await read(id, 'loss'), { steps: [1], values: [1] });
    });

    it('may log nothing, as long as the run is there', async () => {
      const id = await start();
      assert.deepEqual(await log(id, []), { points: 0, stored: true });
      assert.deepEqual(await log(id, [{ name: 'a', steps: [], values: [] }], 'empty'), {
        points: 0,
        stored: true,
      });
      assert.deepEqual(await log(id, [], 'empty'), { points: 0, stored: false });
      assert.deepEqual(await summaries(id), []);
      const { errors } = await send('00000000-0000-0000-0000-000000000000', []);
      assert.equal(errors?.[0]?.extensions.code, 'NOT_FOUND');
    });

    it('lose nothing of what is acknowledged when many log at once', async () => {
      const ids = await Promise.all(Array.from({ length: 4 }, () => start()));
      await Promise.all(
        ids.flatMap((id) =>
          Array.from({ length: 50 }, (_, step) =>
            log(id, [
              { name: 'a', steps: [step], values: [step] },
              { name: 'b', steps: [step], values: [-step] },
            ]),
          ),
        ),
      );
      const steps = Array.from({ length: 50 }, (_, step) => step);
      for (const id of ids) {
        assert.deepEqual(await read(id, 'a'), { steps, values: steps });
        assert.deepEqual(
          (await summaries(id)).map(({ count, min, max }) => [count, min, max]),
          [
            [50, 0, 49],
            [50, -49, 0],
          ],
        );
      }
    });
  });

  describe('when they end', () => {
    it('are FINISHED at their last step, and take nothing more', async () => {
      const runId = await start();
      await log(runId, [{ name: 'loss', steps: [1, 12], values: [1, 2] }]);
      const { data } = await server.query<{ finishRun: { run: Record<string, unknown> } }>(FINISH, {
        input: { runId },
      });
      const { finishedAt, ...run } = data.finishRun.run;
      assert.ok(finishedAt);
      assert.deepEqual(run, { state: 'FINISHED', error: null, progress: { step: 12 } });
      const { errors } = await send(runId, [{ name: 'loss', steps: [13], values: [1] }]);
      assert.equal(errors?.[0]?.extensions.code, 'CONFLICT');
      assert.match(errors[0].message, /it is FINISHED/);
    });

    it('may fail, with what was wrong', async () => {
      const runId = await start();
      const input = { runId, state: 'FAILED', error: 'out of memory' };
      const { data } = await server.query<{ finishRun: { run: Record<string, unknown> } }>(FINISH, { input });
      const { state, error } = data.finishRun.run;
      assert.deepEqual({ state, error }, { state: 'FAILED', error: { message: 'out of memory' } });
    });

    it('may end twice in the same way and not in two ways', async () => {
      const runId = await start();
      for (const [state, code] of [
        ['FINISHED', undefined],
        ['FINISHED', undefined],
        ['FAILED', 'CONFLICT'],
      ]) {
        const { errors } = await server.query(FINISH, { input: { runId, state } });
        assert.equal(errors?.[0]?.extensions.code, code);
      }
    });

    it('are left alone when a worker trains them', async () => {
      const { run } = await insertRunningAttempt(server.database);
      const { errors } = await server.query(FINISH, { input: { runId: run.id } });
      assert.equal(errors?.[0]?.extensions.code, 'CONFLICT');
    });
  });
});
