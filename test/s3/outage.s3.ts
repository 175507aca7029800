import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDataset } from '../../server/datasets/createDataset.js';
import { type CuttableProxy, startProxy } from '../support/cuttableProxy.js';
import { sampleDataset, sampleDefinition } from '../support/factories.js';
import { launchRuns, waitForRun } from '../support/runs.js';
import { testConfig, useServer } from '../support/server.js';
import { until } from '../support/until.js';
import { startWorker, type WorkerProcess } from '../support/workerProcess.js';
import { blobsAt, settingsAt } from './bucket.js';

const EVERY = 50;

describe('a worker whose bucket is away for a while', () => {
  const folder = mkdtempSync(join(tmpdir(), 'frostline-outage-'));
  const blobs = { FROSTLINE_BLOBS: blobsAt(`outage/${randomUUID()}`) };
  const server = useServer(blobs);
  let proxy: CuttableProxy;
  let worker: WorkerProcess;
  before(async () => {
    await createDataset(server.database, 'sample', sampleDataset());
    proxy = await startProxy(Number(new URL(settingsAt('x').endpoint!).port));
    const env = { ...blobs, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${proxy.port}` };
    worker = await startWorker(testConfig(folder, env), server.database);
  });
  after(async () => {
    await worker?.kill('SIGKILL');
    proxy?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('waits at its next checkpoint, and trains on when it is back, in the same attempt', async () => {
    const training = { epochs: 400, batchSize: 2, learningRate: 1e-4, maxLength: 32, checkpointEvery: EVERY };
    const [id] = await launchRuns(server, 'outage', sampleDefinition({ training }));
    const { prisma } = server.database;
    const stepOf = async () => (await prisma.run.findUniqueOrThrow({ where: { id: id! } })).step;
    await until(async () => (await prisma.checkpoint.count({ where: { runId: id! } })) > 0);
    proxy.cut();
    let stalled = -1;
    await until(async () => {
      const before = await stepOf();
      await sleep(1_000);
      stalled = before === (await stepOf()) ? before : -1;
      return stalled > 0;
    });
    assert.equal(stalled % EVERY, 0, 'it waits where a checkpoint is due');
    proxy.mend();
    await waitForRun(server, id!, 'FINISHED');
    const attempts = await prisma.attempt.findMany({ where: { runId: id! } });
    assert.deepEqual(
      attempts.map(({ state }) => state),
      ['FINISHED'],
    );
  });
});
