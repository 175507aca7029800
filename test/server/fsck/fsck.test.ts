import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderBlobStore } from '../../../server/blobs/folderBlobStore.js';
import { appendMetrics } from '../../../server/metrics/appendMetrics.js';
import { pointsOf } from '../../../server/metrics/columns.js';
import { fsck } from '../../../server/fsck/fsck.js';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { type BlobStore } from '../../../server/blobs/blobStore.js';
import { enqueueRun } from '../../../server/queue/runQueue.js';
import { enterBlob } from '../../../server/blobs/blobRecords.js';
import { writeCheckpoint } from '../../../server/runs/checkpoints.js';
import { insertRun, insertRunningAttempt, sampleDataset } from '../../support/factories.js';
import { useDatabase } from '../../support/database.js';

describe('fsck', () => {
  const context = useDatabase();
  let folder: string;
  let blobs: BlobStore;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'frostline-fsck-'));
    blobs = folderBlobStore(join(folder, 'blobs'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const check = async ({ repair = false, deep = false, graceSeconds = 0 } = {}) => {
    const { database } = context;
    const place = { database, blobs, runsFolder: join(folder, 'runs'), deep, graceSeconds };
    const results = await fsck(place, { repair });
    return results.flatMap(({ name, findings }) =>
      findings.map(({ message, repaired }) => `${name}: ${message}${repaired ? ', repaired' : ''}`),
    );
  };
  /** Finds it, puts it right, and finds nothing more. */
  const mends = async (pattern: RegExp): Promise<void> => {
    const found = await check();
    assert.equal(found.length, 1, found.join());
    assert.match(found[0]!, pattern);
    assert.deepEqual(await check({ repair: true }), [`${found[0]}, repaired`]);
    assert.deepEqual(await check(), []);
  };

  it('finds nothing in an empty database, nor in a sound one', async () => {
    assert.deepEqual(await check(), []);
    const { database } = context;
    await createDataset(database, 'sample', sampleDataset());
    const run = await insertRun(database, { state: 'QUEUED' });
    await enqueueRun(database.pool, run.id);
    const { key } = await insertRunningAttempt(database, { external: true });
    const blob = await blobs.put(Buffer.from('sound'));
    await writeCheckpoint(database.pool, key, { step: 1, epoch: 1, kind: 'final', blob });
    assert.deepEqual(await check({ deep: true }), []);
  });

  it('queues a run again that has no job', async () => {
    await insertRun(context.database, { state: 'QUEUED' });
    await mends(/^queue: run .* is queued and has no job/);
  });

  it('drops a job whose run is over', async () => {
    const run = await insertRun(context.database, { state: 'FINISHED' });
    await enqueueRun(context.database.pool, run.id);
    await mends(/^jobs: .* is over or gone/);
  });

  it('takes a run back from a worker that is gone', async () => {
    const { prisma } = context.database;
    const worker = await prisma.worker.create({ data: { id: randomUUID(), name: 'gone', state: 'LOST' } });
    const { key } = await insertRunningAttempt(context.database);
    await prisma.attempt.update({
      where: { runId_number: { runId: key.runId, number: key.attempt } },
      data: { workerId: worker.id },
    });
    await mends(/^attempts: .* its worker is gone/);
    assert.equal((await prisma.run.findUniqueOrThrow({ where: { id: key.runId } })).state, 'QUEUED');
  });

  it('counts metrics anew that disagree with their history', async () => {
    const { database } = context;
    const { key, run } = await insertRunningAttempt(database, { external: true });
    await appendMetrics(database.pool, key, [{ name: 'loss', points: pointsOf([1, 2], [3, 4], [5, 6]) }]);
    await database.prisma.run.update({ where: { id: run.id }, data: { state: 'FINISHED' } });
    await database.prisma.metricSummary.updateMany({ where: { runId: run.id }, data: { count: 7 } });
    await mends(/^metrics: run .*: loss disagree/);
  });

  it('takes any last value of a metric for what it is', async () => {
    const { database } = context;
    const { key, run } = await insertRunningAttempt(database, { external: true });
    const values = [0, -0, NaN, Infinity, -Infinity, 5e-324];
    for (const [index, value] of values.entries())
      await appendMetrics(database.pool, key, [
        { name: `metric ${index}`, points: pointsOf([1, 2], [value, value], [5, 6]) },
      ]);
    await database.prisma.run.update({ where: { id: run.id }, data: { state: 'FINISHED' } });
    assert.deepEqual(await check({ deep: true }), []);
  });

  it('removes bytes that nothing names, unless they may be on their way', async () => {
    await blobs.put(Buffer.from('on its way'));
    assert.deepEqual(await check({ graceSeconds: 60 }), []);
    await mends(/^orphans: .* no table names it/);
    const blob = await blobs.put(Buffer.from('entered'));
    await enterBlob(context.database.pool, blob);
    await mends(/^orphans: nothing refers to blob/);
    assert.equal(await blobs.has(blob.sha256), false);
  });

  it('removes the folder of a run that has finished, and leaves that of one that may go on', async () => {
    const [over, cancelled] = [
      await insertRun(context.database, { state: 'FINISHED' }),
      await insertRun(context.database, { state: 'CANCELLED' }),
    ];
    for (const { id } of [over, cancelled]) mkdirSync(join(folder, 'runs', id), { recursive: true });
    await mends(/^folders: .* left of a run that has finished/);
    assert.ok(existsSync(join(folder, 'runs', cancelled.id)));
  });

  it('tells of blobs that are gone or changed, of which run they are, and repairs nothing there', async () => {
    const { database } = context;
    const { key } = await insertRunningAttempt(database, { external: true });
    const blob = await blobs.put(Buffer.from('precious'));
    await writeCheckpoint(database.pool, key, { step: 9, epoch: 1, kind: 'final', blob });
    const path = join(folder, 'blobs', blob.sha256.slice(0, 2), blob.sha256);
    writeFileSync(path, 'precioux');
    assert.deepEqual(await check(), []);
    const what = `blobs: blob ${blob.sha256} (final of step 9 of run ${key.runId})`;
    assert.deepEqual(await check({ deep: true, repair: true }), [`${what} has changed in the store`]);
    rmSync(path);
    assert.deepEqual(await check(), [`${what} is not in the store`]);
  });
});
