import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { useFaultWorld } from '../../support/faultWorld.js';
import { request } from '../../support/request.js';
import { type ServerProcess, startServerProcess } from '../../support/serverProcess.js';

describe('servers that start at once', function () {
  this.timeout(120_000);
  const world = useFaultWorld();
  const servers: ServerProcess[] = [];
  after(() => Promise.all(servers.map((server) => server.kill('SIGKILL'))));

  it('migrate an empty database once, and all of them serve', async () => {
    await world.database.pool.query('CREATE DATABASE nothing_yet');
    const url = Object.assign(new URL(world.postgres.url), { pathname: '/nothing_yet' }).toString();
    const startOne = async (name: string): Promise<void> => {
      const config = { ...world.config, dataFolder: join(world.config.dataFolder, name) };
      servers.push(await startServerProcess(config, url));
    };
    await Promise.all(['one', 'two', 'three'].map(startOne));
    for (const server of servers) {
      const answer = await request<{ runs: { totalCount: number } }>(server.url, '{ runs { totalCount } }');
      assert.deepEqual(answer, { runs: { totalCount: 0 } });
    }
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      'SELECT migration_name AS name FROM _prisma_migrations ORDER BY started_at',
    );
    await client.end();
    const folder = join(world.config.root, 'prisma', 'migrations');
    const migrations = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.deepEqual(
      rows.map(({ name }) => name),
      migrations.map(({ name }) => name).sort(),
    );
  });
});
