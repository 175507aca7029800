import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockBlob } from '../../../server/blobs/blobRecords.js';
import { folderBlobStore } from '../../../server/blobs/folderBlobStore.js';
import { keepHouse } from '../../../server/fsck/keepHouse.js';
import { useDatabase } from '../../support/database.js';
import { useFolder } from '../../support/folder.js';
import { startProcess } from '../../support/processes.js';
import { upload } from '../../support/upload.js';
import { until } from '../../support/until.js';

const body = `sentence,topic\n${Array.from({ length: 30_000 }, (_, row) => `sentence ${row},${row % 3}\n`).join('')}`;

const SHA = createHash('sha256').update(body).digest('hex');

describe('an import whose server is killed', () => {
  const context = useDatabase();
  const folder = useFolder();
  const countOf = async (sql: string): Promise<number> =>
    (await context.database.pool.query<{ count: number }>(sql)).rows[0]!.count;
  const filesIn = (name: string): string[] => {
    const path = join(folder.path, 'data', name);
    const found = existsSync(path) ? readdirSync(path, { recursive: true, withFileTypes: true }) : [];
    return found.filter((entry) => entry.isFile()).map(({ name: file }) => file);
  };

  it('leaves no rows, no version and no file, and can be done again', async () => {
    const { database } = context;
    const argument = { folder: folder.path, url: database.url };
    const first = startProcess('server/datasets/importingServer.ts', argument);
    const urlOf = async (server: typeof first): Promise<string> => {
      let said = '';
      server.child.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()));
      await server.said('.\n');
      return `http://127.0.0.1:${/port (\d+)/.exec(said)![1]}`;
    };
    // An import takes this lock when all of its rows are in the table.
    const client = await database.pool.connect();
    await client.query('BEGIN');
    await lockBlob(client, SHA);
    const answer = upload(await urlOf(first), 'killed', body).then(
      () => 'answered',
      () => 'cut off',
    );
    await until(
      async () => (await countOf('SELECT count(*)::int AS count FROM pg_locks WHERE NOT granted')) === 1,
    );
    first.child.kill('SIGKILL');
    await first.ended;
    assert.equal(await answer, 'cut off');
    await client.query('COMMIT');
    client.release();
    const others = `SELECT count(*)::int AS count FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name LIKE 'frostline%'`;
    await until(async () => (await countOf(others)) === 0);
    for (const table of ['dataset', 'dataset_row', 'dataset_duplicate', 'blob'])
      assert.equal(await countOf(`SELECT count(*)::int AS count FROM ${table}`), 0, table);
    assert.deepEqual([filesIn('uploads'), filesIn('blobs')], [[], []]);

    const second = startProcess('server/datasets/importingServer.ts', argument);
    const again = await upload(await urlOf(second), 'killed', body);
    assert.deepEqual([again.created, again.dataset?.version], [true, 1]);
    assert.deepEqual(filesIn('blobs'), [SHA]);
    second.child.kill('SIGKILL');
    await second.ended;
  });

  it('has its file swept up when it was killed between the file and the commit', async () => {
    const { database } = context;
    const blobs = folderBlobStore(join(folder.path, 'data', 'blobs'));
    const left = await blobs.put(Buffer.from('of a killed import'));
    const half = join(folder.path, 'data', 'blobs', 'incoming', 'half');
    writeFileSync(half, 'half of one');
    utimesSync(half, 0, 0);
    const house = { database, blobs, runsFolder: join(folder.path, 'data', 'runs'), graceSeconds: -1 };
    assert.match((await keepHouse(house)).join(), new RegExp(left.sha256));
    assert.deepEqual(filesIn('blobs'), ['half']);
    // The next store of the folder, as the next start has it.
    await folderBlobStore(join(folder.path, 'data', 'blobs')).put(Buffer.from('of another'));
    assert.equal(filesIn('blobs').includes('half'), false);
  });
});
