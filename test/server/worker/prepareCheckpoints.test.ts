import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointFiles } from '../../../experiments/training/checkpoints/checkpointFiles.js';
import { folderBlobStore } from '../../../server/blobs/folderBlobStore.js';
import { type CheckpointKind, writeCheckpoint } from '../../../server/runs/checkpoints.js';
import { prepareCheckpoints } from '../../../server/worker/prepareCheckpoints.js';
import { useDatabase } from '../../support/database.js';
import { insertRun } from '../../support/factories.js';
import { useFolder } from '../../support/folder.js';

describe('the checkpoints that a run goes on from', () => {
  const context = useDatabase();
  const folder = useFolder();
  const contentOf = (step: number): Buffer => Buffer.from(`the state after step ${step}`);
  const store = () => folderBlobStore(join(folder.path, 'blobs'));
  const runFolder = () => join(folder.path, 'run');
  const files = () => new CheckpointFiles(runFolder(), true);
  const writeFiles = (...steps: number[]): void => {
    for (const step of steps) files().write({ step, epoch: step / 10 }, contentOf(step), null);
  };
  const known = async (...checkpoints: [step: number, kind: CheckpointKind][]): Promise<string> => {
    const { database } = context;
    const { id: runId } = await insertRun(database);
    for (const [step, kind] of checkpoints) {
      const blob = await store().put(contentOf(step));
      await writeCheckpoint(database.pool, { runId, attempt: 1 }, { step, epoch: step / 10, kind, blob });
    }
    return runId;
  };
  const prepare = (runId: string) => prepareCheckpoints(context.database, store(), runId, runFolder());

  it('are those on disk up to the newest that the database knows; newer ones go', async () => {
    const runId = await known([10, 'checkpoint'], [20, 'best']);
    writeFiles(10, 20, 30, 40);
    await prepare(runId);
    assert.deepEqual(files().steps(), [20, 10]);
    assert.equal((await readdir(runFolder())).length, 4);
  });

  it('are none when the database knows of none, and finished weights are none', async () => {
    const runId = await known([40, 'final']);
    writeFiles(10);
    await prepare(runId);
    assert.deepEqual(await readdir(runFolder()), []);
  });

  it('come from the blob store when the attempt before was another machine’s, and are whole', async () => {
    const runId = await known([10, 'checkpoint'], [20, 'checkpoint']);
    await prepare(runId);
    const { record, path } = files().newest(assert.fail)!;
    assert.deepEqual([record.step, record.epoch], [20, 2]);
    assert.deepEqual(readFileSync(path), contentOf(20));
  });

  it('come from the blob store as well when those on disk are older', async () => {
    const runId = await known([20, 'checkpoint']);
    writeFiles(10);
    await prepare(runId);
    assert.deepEqual(files().steps(), [20, 10]);
  });
});
