import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { parseDefinition } from '../../../experiments/schema/definition.js';
import { enterBlob } from '../../../server/blobs/blobRecords.js';
import { folderBlobStore } from '../../../server/blobs/folderBlobStore.js';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { deleteDataset } from '../../../server/datasets/deleteDataset.js';
import { insertRun } from '../../../server/runs/insertRun.js';
import { useDatabase } from '../../support/database.js';
import { sampleDataset, sampleDefinition } from '../../support/factories.js';
import { useFolder } from '../../support/folder.js';
import { until } from '../../support/until.js';

describe('deleting a dataset', () => {
  const context = useDatabase();
  const folder = useFolder();
  const store = async (name: string): Promise<string> =>
    (await createDataset(context.database, name, sampleDataset())).dataset.id;
  const launch = (client: pg.PoolClient, name: string, datasetId: string): Promise<string> => {
    const { definition } = parseDefinition(sampleDefinition({ name, dataset: `${name}@1` }));
    const freeze = { label: 'full', preset: 'full' } as never;
    const counts = { trainableParameters: 1, totalParameters: 1 };
    const run = { name, freezeConfigId: null, definition, definitionDigest: name, freeze, ...counts };
    return insertRun(client, run, { experimentId: null, datasetId, priority: 0, maxAttempts: 3 });
  };
  const isWaiting = async (): Promise<boolean> =>
    (await context.database.pool.query('SELECT 1 FROM pg_locks WHERE NOT granted')).rowCount !== 0;

  it('waits for a run that is being launched, and then leaves the dataset to it', async () => {
    const { pool } = context.database;
    const id = await store('launching');
    const client = await pool.connect();
    await client.query('BEGIN');
    await launch(client, 'launching', id);
    const deleted = deleteDataset(context.database, folderBlobStore(folder.path), { name: 'launching' });
    const refused = assert.rejects(deleted, { code: 'CONFLICT', message: /1 run refers to launching@1/ });
    await until(isWaiting);
    await client.query('COMMIT');
    client.release();
    await refused;
    assert.equal(await context.database.prisma.datasetRow.count({ where: { datasetId: id } }), 6);
  });

  it('tells a launch that comes later that the dataset is gone', async () => {
    const { pool } = context.database;
    const id = await store('going');
    const [deleting, launching] = [await pool.connect(), await pool.connect()];
    await deleting.query('BEGIN; DELETE FROM dataset WHERE id = $1'.replace('$1', `'${id}'`));
    await launching.query('BEGIN');
    const refused = assert.rejects(launch(launching, 'going', id), {
      code: 'CONFLICT',
      message: 'dataset: going@1 was deleted meanwhile',
    });
    await until(isWaiting);
    await deleting.query('COMMIT');
    await refused;
    await launching.query('ROLLBACK');
    deleting.release();
    launching.release();
  });

  it('takes the vectors of its sentences with it', async () => {
    const { database } = context;
    const blobs = folderBlobStore(folder.path);
    const id = await store('searched');
    const blob = await blobs.put(Buffer.from('vectors'));
    await enterBlob(database.pool, blob);
    const [taskId, setId] = [randomUUID(), randomUUID()];
    await database.prisma.workerTask.create({ data: { id: taskId, kind: 'vectors', input: {} } });
    await database.prisma.vectorSet.create({
      data: { id: setId, datasetId: id, taskId, digest: 'd', source: {}, provenance: {}, dimensions: 1 },
    });
    await database.prisma.vectorChunk.create({
      data: { setId, firstRow: 0, rows: 6, sha256: blob.sha256 },
    });
    assert.deepEqual(await deleteDataset(database, blobs, { name: 'searched' }), ['searched@1']);
    assert.equal(await blobs.has(blob.sha256), false);
    assert.equal(await database.prisma.blob.count(), 0);
  });
});
