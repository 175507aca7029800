import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { readConfig } from '../../../server/config.js';
import { migrateDatabase } from '../../../server/db/migrate.js';
import { createTestDatabase, useDatabase } from '../../support/database.js';

describe('migrating the database', () => {
  const context = useDatabase();

  it('makes the tables of the tracker and of the queue', async () => {
    const { rows } = await context.database.pool.query(
      "SELECT to_regclass('public.run') AS run, to_regclass('graphile_worker._private_jobs') AS jobs",
    );
    assert.deepEqual(rows, [{ run: 'run', jobs: 'graphile_worker._private_jobs' }]);
  });

  it('lets two servers that start at once take turns on an empty database', async () => {
    const { url, drop } = await createTestDatabase();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(
      'DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA graphile_worker CASCADE',
    );
    await Promise.all([migrateDatabase(url, readConfig()), migrateDatabase(url, readConfig())]);
    const { rows } = await client.query('SELECT migration_name FROM _prisma_migrations ORDER BY started_at');
    await client.end();
    await drop();
    const folder = join(readConfig().root, 'prisma', 'migrations');
    const migrations = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.deepEqual(
      rows.map(({ migration_name }) => migration_name),
      migrations.map(({ name }) => name).sort(),
    );
  });
});
