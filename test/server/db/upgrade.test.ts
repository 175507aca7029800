import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { readConfig } from '../../../server/config.js';
import { openDatabase } from '../../../server/db/database.js';
import { silentLogger } from '../../../server/db/logger.js';
import { migrateDatabase } from '../../../server/db/migrate.js';
import { readHistories } from '../../../server/metrics/readHistory.js';
import { createTestDatabase } from '../../support/database.js';

const config = readConfig();
const migrations = join(config.root, 'prisma', 'migrations');

/** Makes the database as the first release left it. */
async function installFirstRelease(client: pg.Client): Promise<void> {
  await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA graphile_worker CASCADE');
  const [first] = readdirSync(migrations).sort();
  const sql = readFileSync(join(migrations, first!, 'migration.sql'), 'utf8');
  await client.query(sql);
  await client.query(`CREATE TABLE _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL,
    logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`);
  const checksum = createHash('sha256').update(sql).digest('hex');
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count) VALUES ($1, $2, now(), $3, 1)`,
    [randomUUID(), checksum, first],
  );
}

/** Little-endian columns, as the first release wrote them. */
const integers = (values: number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);
const doubles = (values: number[]): Buffer => Buffer.from(Float64Array.from(values).buffer);

describe('a database of the first release', () => {
  it('is brought to this one with everything that it holds', async () => {
    const { url, drop } = await createTestDatabase();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await installFirstRelease(client);
    const [dataset, run] = [randomUUID(), randomUUID()];
    await client.query(
      `INSERT INTO dataset (id, name, version, digest, row_count, tasks) VALUES ($1, 'sample', 1, 'abc', 1, '[]')`,
      [dataset],
    );
    await client.query(
      `INSERT INTO dataset_row (dataset_id, ordinal, sentence, split, labels) VALUES ($1, 0, 'A sentence.', 'train', '{"topic":"Other"}')`,
      [dataset],
    );
    await client.query(
      `INSERT INTO run (id, name, state, dataset_id, definition, definition_digest, seed, "freeze", trainable_parameters, total_parameters)
       VALUES ($1, 'old', 'FINISHED', $2, '{"model":"m"}', 'd', 1, '{"label":"full"}', 10, 20)`,
      [run, dataset],
    );
    await client.query(`INSERT INTO attempt (run_id, number, state) VALUES ($1, 1, 'FINISHED')`, [run]);
    await client.query(
      `INSERT INTO metric_chunk (run_id, attempt, name, count, first_step, last_step, first_time, min, max, last, non_finite, steps, values, times)
       VALUES ($1, 1, 'train/loss', 3, 1, 3, 1000, 0.5, 2, 0.5, 0, $2, $3, $4)`,
      [run, integers([1, 2, 3]), doubles([2, 1, 0.5]), integers([0, 10, 20])],
    );
    await client.query(
      `INSERT INTO metric_summary (run_id, name, count, non_finite, last, last_step, min, min_step, max, max_step)
       VALUES ($1, 'train/loss', 3, 0, 0.5, 3, 0.5, 3, 2, 1)`,
      [run],
    );
    await client.end();

    await migrateDatabase(url, config);
    const database = openDatabase(url, { log: silentLogger });
    try {
      const { prisma, pool } = database;
      const kept = await prisma.run.findUniqueOrThrow({
        where: { id: run },
        include: { dataset: { include: { rows: true } }, metrics: true, attempts: true },
      });
      assert.equal(kept.name, 'old');
      assert.equal(kept.dataset!.rows[0]!.sentence, 'A sentence.');
      assert.equal(kept.metrics[0]!.last, 0.5);
      assert.equal(kept.attempts.length, 1);
      const [history] = await readHistories(pool, { runIds: [run], names: ['train/loss'] });
      const { steps, values, times } = history!.points;
      assert.deepEqual([...steps], [1, 2, 3]);
      assert.deepEqual([...values], [2, 1, 0.5]);
      assert.deepEqual([...times], [1000, 1010, 1020]);
    } finally {
      await database.close();
      await drop();
    }
  });
});
