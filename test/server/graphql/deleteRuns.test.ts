import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Run } from '../../../server/db/generated/client.js';
import { inTransaction } from '../../../server/db/database.js';
import { appendMetrics } from '../../../server/metrics/appendMetrics.js';
import { pointsOf } from '../../../server/metrics/columns.js';
import { writeCheckpoint } from '../../../server/runs/checkpoints.js';
import { appendLogs } from '../../../server/runs/logs.js';
import { blobReferences } from '../../../server/blobs/blobRecords.js';
import { writeRunRecord } from '../../../server/runs/runRecords.js';
import { addTask } from '../../../server/runs/workerTasks.js';
import { insertRun, insertRunningAttempt } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

interface Deleted {
  deleteRuns: { ids: string[]; blobs: number; bytes: number };
}

describe('deleting runs', () => {
  const server = useServer();
  const remove = (ids: string[]) =>
    server.query<Deleted>('mutation ($input: RunsInput!) { deleteRuns(input: $input) { ids blobs bytes } }', {
      input: { ids },
    });
  const exists = async (id: string) =>
    (await server.database.prisma.run.findUnique({ where: { id } })) !== null;

  /** A finished run with something in every table, whose weights are these. */
  const finished = async (
    weights: string,
    overrides: Partial<Run> = {},
  ): Promise<{ id: string; sha256: string }> => {
    const { database, services } = server;
    const { run, key } = await insertRunningAttempt(database, overrides);
    const blob = await services.blobs.put(Buffer.from(weights));
    const record = await services.blobs.put(Buffer.from(`record of ${run.id}`));
    await appendMetrics(database.pool, key, [{ name: 'loss', points: pointsOf([1, 2], [3, 4], [5, 6]) }]);
    await appendLogs(database.pool, key, [{ sequence: 1, time: new Date(), level: 'info', message: 'here' }]);
    await database.prisma.metricKey.create({ data: { runId: run.id, digest: randomUUID() } });
    await inTransaction(database.pool, async (client) => {
      await writeCheckpoint(client, key, { step: 2, epoch: 1, kind: 'final', blob });
      await writeRunRecord(client, run.id, record);
      await addTask(client, { kind: 'verification', runId: run.id });
    });
    await database.prisma.run.update({ where: { id: run.id }, data: { state: 'FINISHED' } });
    return { id: run.id, sha256: blob.sha256 };
  };

  it('takes everything of theirs with them, and leaves the queue without their tasks', async () => {
    const { pool } = server.database;
    const { id } = await finished('alone');
    const task = await server.database.prisma.workerTask.findFirstOrThrow({ where: { runId: id } });
    const { data, errors } = await remove([id, id]);
    assert.equal(errors, undefined);
    assert.deepEqual(data.deleteRuns.ids, [id]);
    assert.equal(data.deleteRuns.blobs, 2);
    assert.equal(data.deleteRuns.bytes, 'alone'.length + `record of ${id}`.length);
    const { rows: tables } = await pool.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'run_id' AND table_schema = current_schema()`,
    );
    assert.ok(tables.length >= 9, 'the tables that belong to runs');
    for (const { name } of tables) {
      const { rows } = await pool.query(`SELECT 1 FROM ${name} WHERE run_id = $1`, [id]);
      assert.equal(rows.length, 0, name);
    }
    const { rows: jobs } = await pool.query('SELECT 1 FROM graphile_worker.jobs WHERE key = $1', [task.id]);
    assert.equal(jobs.length, 0);
  });

  it('keeps bytes that another run, a fork or a definition refers to, until the last of them is gone', async () => {
    const { blobs } = server.services;
    const [first, second] = [await finished('shared'), await finished('shared')];
    const { sha256 } = first;
    const experiment = await server.database.prisma.experiment.create({
      data: {
        id: randomUUID(),
        name: 'begins with them',
        definition: { initialWeights: `sha256:${sha256}` },
        definitionDigest: '',
      },
    });
    const fork = await insertRun(server.database, { state: 'FINISHED' });
    await server.database.prisma.runFork.create({
      data: { runId: fork.id, parentId: second.id, step: 2, kind: 'final', sha256 },
    });
    for (const id of [first.id, second.id]) {
      const { data } = await remove([id]);
      assert.equal(data.deleteRuns.blobs, 1, 'only its record');
      assert.ok(await blobs.has(sha256));
    }
    const { data: kept } = await server.query(
      'query ($id: ID!) { run(id: $id) { parentStep parent { id } } }',
      {
        id: fork.id,
      },
    );
    assert.deepEqual(kept.run, { parentStep: 2, parent: null });
    assert.equal((await remove([fork.id])).data.deleteRuns.blobs, 0);
    await server.database.prisma.experiment.delete({ where: { id: experiment.id } });
    const last = await insertRun(server.database, {
      state: 'FINISHED',
      definition: { initialWeights: `sha256:${sha256}` },
    });
    assert.equal((await remove([last.id])).data.deleteRuns.blobs, 1);
    assert.equal(await blobs.has(sha256), false);
  });

  it('refuses all of them when one is under way, being verified or not there', async () => {
    const done = await finished('still there');
    const cases: [string, string, RegExp][] = [];
    for (const state of ['QUEUED', 'STARTING', 'RUNNING'] as const) {
      const { id } = await insertRun(server.database, { state });
      cases.push([id, 'CONFLICT', new RegExp(`^ids\\.1: run ${id} is ${state}; cancel it first$`)]);
    }
    const external = await insertRun(server.database, { external: true });
    cases.push([external.id, 'CONFLICT', /is RUNNING; finish it first$/]);
    const verified = await finished('verified');
    await server.database.prisma.workerTask.updateMany({
      where: { runId: verified.id },
      data: { state: 'RUNNING' },
    });
    cases.push(
      [verified.id, 'CONFLICT', /is being verified/],
      [randomUUID(), 'NOT_FOUND', /there is no run/],
    );
    for (const [id, code, message] of cases) {
      const { errors } = await remove([done.id, id]);
      assert.deepEqual(errors?.[0]?.extensions, { code, path: 'ids.1' });
      assert.match(errors[0].message, message);
    }
    assert.ok(await exists(done.id));
    const many = await remove(Array.from({ length: 1001 }, () => done.id));
    assert.match(many.errors![0]!.message, /at most 1000 runs, got 1001/);
  });

  it('deletes once when two clients delete the same runs at the same time', async () => {
    const runs = await Promise.all(Array.from({ length: 12 }, (_, index) => finished(`racing ${index % 3}`)));
    const ids = runs.map(({ id }) => id);
    const answers = await Promise.all([remove(ids), remove([...ids].reverse()), remove(ids)]);
    const counts = answers.flatMap(({ data, errors }) => (errors ? [] : [data.deleteRuns.blobs]));
    assert.ok(counts.length >= 1);
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      12 + 3,
    );
    for (const { errors } of answers) {
      if (errors) assert.equal(errors[0]!.extensions.code, 'NOT_FOUND');
    }
    for (const { sha256 } of runs) assert.equal(await server.services.blobs.has(sha256), false);
  });

  it('knows every column that refers to stored bytes', async () => {
    const { rows } = await server.database.pool.query<{ table: string; column: string; owned: boolean }>(
      `SELECT relation.relname AS table, own.attname AS column,
              EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = relation.oid AND attname = 'run_id') AS owned
       FROM pg_constraint reference
       JOIN pg_class relation ON relation.oid = reference.conrelid
       JOIN pg_attribute own ON own.attrelid = reference.conrelid AND own.attnum = reference.conkey[1]
       WHERE reference.contype = 'f' AND reference.confrelid = 'blob'::regclass`,
    );
    const sorted = (names: string[]) => names.sort();
    assert.deepEqual(
      sorted(rows.map(({ table, column, owned }) => `${table}.${column} ${owned}`)),
      sorted(blobReferences.map(({ table, column, run }) => `${table}.${column} ${run !== null}`)),
    );
  });
});
