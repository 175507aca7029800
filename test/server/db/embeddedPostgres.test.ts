import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type FrostlineError } from '../../../experiments/errors.js';
import {
  type EmbeddedPostgres,
  runningPostgresUrl,
  startEmbeddedPostgres,
} from '../../../server/db/embeddedPostgres.js';
import { isAlive } from '../../../server/db/postmasterPid.js';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded Postgres', () => {
  let folder: string;
  let running: EmbeddedPostgres | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'frostline-postgres-'));
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await rm(folder, { recursive: true, force: true });
  });
  const start = async () => (running = await startEmbeddedPostgres({ folder, settings: { fsync: 'off' } }));

  it('keeps its data from one start to the next and leaves no process behind', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS number');
    assert.equal(runningPostgresUrl(folder), first.url);
    await first.stop();
    assert.equal(isAlive(first.pid), false);
    assert.equal(runningPostgresUrl(folder), null);
    const second = await start();
    assert.deepEqual(await query(second.url, 'SELECT number FROM kept'), [{ number: 7 }]);
  });

  it('demands the password, which only the owner of the data folder can read', async () => {
    const { url } = await start();
    const stranger = Object.assign(new URL(url), { password: 'guess' }).toString();
    await assert.rejects(query(stranger, 'SELECT 1'), /password authentication failed/);
    assert.equal((await stat(join(folder, 'postgres.json'))).mode & 0o077, 0);
  });

  it('replaces the orphan that a killed process left', async () => {
    const first = await start();
    const record = join(folder, 'postgres.json');
    const gone = 2 ** 22 + 1;
    writeFileSync(record, JSON.stringify({ ...JSON.parse(readFileSync(record, 'utf8')), ownerPid: gone }));
    const second = await start();
    assert.equal(isAlive(first.pid), false);
    assert.deepEqual(await query(second.url, 'SELECT 1 AS one'), [{ one: 1 }]);
  });

  it('ignores a lock file whose process id now belongs to something else', async () => {
    const first = await start();
    const lock = readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8');
    await first.stop();
    const stale = lock.replace(/^\d+/, String(process.ppid));
    writeFileSync(join(folder, 'postgres', 'postmaster.pid'), stale);
    const second = await start();
    assert.deepEqual(await query(second.url, 'SELECT 1 AS one'), [{ one: 1 }]);
  });

  it('says who uses the data folder when another process does', async () => {
    await start();
    const record = join(folder, 'postgres.json');
    const original = readFileSync(record, 'utf8');
    writeFileSync(record, JSON.stringify({ ...JSON.parse(original), ownerPid: process.ppid }));
    await assert.rejects(
      startEmbeddedPostgres({ folder }),
      (error: FrostlineError) => error.code === 'CONFLICT' && error.message.includes(String(process.ppid)),
    );
    writeFileSync(record, original);
  });
});
