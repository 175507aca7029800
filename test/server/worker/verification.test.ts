import assert from 'node:assert/strict';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { endTask, startTask, TaskLostError } from '../../../server/runs/workerTasks.js';
import { reapDeadWorkers, registerWorker } from '../../../server/runs/workers.js';
import { insertRun, sampleDataset, sampleDefinition } from '../../support/factories.js';
import { finishedRun } from '../../support/runs.js';
import { useServer } from '../../support/server.js';
import { subscribe } from '../../support/subscribe.js';
import { until } from '../../support/until.js';
import { startWorker, type WorkerProcess } from '../../support/workerProcess.js';

interface VerificationAnswer {
  id: string;
  state: string;
  stepsCompared: number;
  stepsRecorded: number | null;
  step: number | null;
  lossWas: number | null;
  lossIs: number | null;
  tensor: string | null;
  epoch: number | null;
  weightsSha256: string | null;
  changes: { input: string; detail: string }[];
  notPromised: string[];
  error: { code: string; message: string } | null;
  startedAt: string | null;
  finishedAt: string | null;
}

const VERIFICATION = `fragment All on Verification {
  id state stepsCompared stepsRecorded step lossWas lossIs tensor epoch weightsSha256 changes { input detail } notPromised
  error { code message } startedAt finishedAt
}`;

describe('verifying a run', () => {
  const server = useServer();
  let worker: WorkerProcess;
  let headOnly: string;
  before(async () => {
    await createDataset(server.database, 'sample', sampleDataset());
    worker = await startWorker(server.config, server.database);
    headOnly = await finishedRun(server, 'head-only', sampleDefinition({ freeze: { preset: 'head-only' } }));
  });

  const request = (id: string) =>
    server.query<{ verifyRun: { run: { id: string }; verification: VerificationAnswer } }>(
      `mutation ($input: RunInput!) { verifyRun(input: $input) { run { id } verification { ...All } } } ${VERIFICATION}`,
      { input: { id } },
    );
  const newest = async (id: string) => {
    const { data, errors } = await server.query<{ run: { verification: VerificationAnswer | null } }>(
      `query ($id: ID!) { run(id: $id) { verification { ...All } } } ${VERIFICATION}`,
      { id },
    );
    assert.equal(errors, undefined);
    return data.run.verification;
  };
  const outcome = async (id: string): Promise<VerificationAnswer> => {
    await until(async () => !['QUEUED', 'RUNNING'].includes((await newest(id))!.state));
    return (await newest(id))!;
  };

  it('passes when every bit is the same, and tells subscribers of the run', async () => {
    const full = await finishedRun(server, 'full', sampleDefinition());
    assert.equal(await newest(full), null);
    const changes = subscribe<{ runChanged: { verification: { state: string } | null } }>(
      server.url,
      'subscription ($ids: [ID!]!) { runChanged(ids: $ids) { verification { state } } }',
      { ids: [full] },
    );
    const { data, errors } = await request(full);
    assert.equal(errors, undefined);
    assert.equal(data.verifyRun.run.id, full);
    await changes.until(({ runChanged }) => runChanged.verification?.state === 'PASSED');
    await changes.close();
    for (const id of [full, headOnly]) {
      if (id === headOnly) await request(id);
      const verified = await outcome(id);
      const { weightsSha256 } = await server.database.prisma.run.findUniqueOrThrow({ where: { id } });
      assert.deepEqual(
        { ...verified, id: null, startedAt: null, finishedAt: null },
        {
          id: null,
          state: 'PASSED',
          stepsCompared: 6,
          stepsRecorded: 6,
          step: null,
          lossWas: null,
          lossIs: null,
          tensor: null,
          epoch: null,
          weightsSha256,
          changes: [],
          notPromised: [],
          error: null,
          startedAt: null,
          finishedAt: null,
        },
      );
      assert.ok(verified.startedAt! <= verified.finishedAt!);
    }
  });

  it('names the first step and tensor that differ and the row that was changed', async () => {
    const { pool } = server.database;
    const changed = await pool.query(
      "UPDATE dataset_row SET sentence = sentence || ' Not' WHERE ordinal = 3",
    );
    assert.equal(changed.rowCount, 1);
    await request(headOnly);
    const verified = await outcome(headOnly);
    await pool.query("UPDATE dataset_row SET sentence = replace(sentence, ' Not', '')");
    assert.equal(verified.state, 'DIVERGED');
    assert.ok(verified.step! >= 1 && verified.step! <= 3, 'within the first epoch');
    assert.notEqual(verified.lossIs, verified.lossWas);
    assert.equal(verified.epoch, 1);
    assert.match(verified.tensor!, /^heads\./);
    assert.deepEqual(
      verified.changes.map(({ input }) => input),
      ['dataset'],
    );
    assert.match(verified.changes[0]!.detail, /row 4: "Quantum physics is mind-bending\. Not"/);
  });

  it('is not repeated while it is under way, and goes to another worker when its worker dies', async () => {
    const { database } = server;
    await worker.kill('SIGTERM');
    const [first, second] = [await request(headOnly), await request(headOnly)];
    assert.equal(first.data.verifyRun.verification.state, 'QUEUED');
    const { id } = first.data.verifyRun.verification;
    assert.equal(second.data.verifyRun.verification.id, id);

    const dead = await registerWorker(database, { name: 'dead', device: null, concurrency: 1 });
    const job = { taskId: id, workerId: dead.id, jobId: '0', lockedBy: null };
    const task = await startTask(database, job);
    assert.equal(task!.kind, 'verification');
    assert.equal(await startTask(database, job), null);
    assert.equal((await newest(headOnly))!.state, 'RUNNING');
    await database.pool.query("UPDATE worker SET last_seen_at = now() - interval '1 minute' WHERE id = $1", [
      dead.id,
    ]);
    await reapDeadWorkers(database);
    assert.equal((await newest(headOnly))!.state, 'QUEUED');
    await assert.rejects(endTask(database, task!, { state: 'FINISHED', result: {} }), TaskLostError);

    worker = await startWorker(server.config, server.database);
    assert.equal((await outcome(headOnly)).state, 'PASSED');
    const { rows } = await database.pool.query(
      'SELECT 1 FROM graphile_worker.jobs WHERE attempts >= max_attempts',
    );
    assert.equal(rows.length, 0);
  });

  it('fails when the stored weights are not what they were', async () => {
    const { sha256 } = await server.database.prisma.checkpoint.findFirstOrThrow({
      where: { runId: headOnly, kind: 'final' },
    });
    await truncate(join(server.config.dataFolder, 'blobs', sha256.slice(0, 2), sha256), 100);
    await request(headOnly);
    const verified = await outcome(headOnly);
    assert.equal(verified.state, 'FAILED');
    assert.equal(verified.error!.code, 'CORRUPT');
  });

  it('is refused for runs that have not finished, were trained elsewhere or kept no record', async () => {
    const cases: [Parameters<typeof insertRun>[1], string, RegExp][] = [
      [{ state: 'RUNNING' }, 'CONFLICT', /expected a finished run, it is RUNNING/],
      [{ state: 'FINISHED', external: true }, 'BAD_USER_INPUT', /trained elsewhere/],
      [{ state: 'FINISHED' }, 'CONFLICT', /kept no record/],
    ];
    for (const [overrides, code, message] of cases) {
      const { id } = await insertRun(server.database, overrides);
      const { errors } = await request(id);
      assert.equal(errors?.[0]?.extensions.code, code);
      assert.match(errors[0].message, message);
    }
    const { errors } = await request('nobody');
    assert.equal(errors?.[0]?.extensions.code, 'NOT_FOUND');
  });
});
