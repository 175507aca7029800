import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { readConfig } from '../../../server/config.js';
import { describeVersion } from '../../../server/datasets/versionStatistics.js';
import { createTestDatabase } from '../../support/database.js';

const folder = join(readConfig().root, 'prisma', 'migrations');
const MIGRATION = '20261125031000_dataset_versions';

describe('datasets of before they were described', () => {
  it('are described as new ones are', async () => {
    const { url, drop } = await createTestDatabase();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
      const apply = (name: string) => client.query(readFileSync(join(folder, name, 'migration.sql'), 'utf8'));
      const earlier = readdirSync(folder, { withFileTypes: true }).filter(
        (entry) => entry.isDirectory() && entry.name < MIGRATION,
      );
      for (const { name } of earlier.sort((a, b) => (a.name < b.name ? -1 : 1))) await apply(name);
      const [full, empty] = [randomUUID(), randomUUID()];
      const rows: [string, string, object][] = [
        ['Twice', 'train', { topic: 'b', mood: 'x' }],
        [' twice ', 'test', { topic: 'a' }],
        ['ﬁne', 'train', { topic: 'é' }],
        ['FINE', 'train', {}],
        ['once', 'validation', { topic: 'a' }],
      ];
      for (const [id, tasks] of [
        [full, [{ name: 'topic' }, { name: 'mood' }, { name: 'unused' }]],
        [empty, []],
      ] as const) {
        await client.query(
          `INSERT INTO dataset (id, name, version, digest, row_count, tasks) VALUES ($1, $2, 1, 'd', 0, $3)`,
          [id, `named ${id}`, JSON.stringify(tasks)],
        );
      }
      for (const [ordinal, [sentence, split, labels]] of rows.entries()) {
        await client.query(
          'INSERT INTO dataset_row (dataset_id, ordinal, sentence, split, labels) VALUES ($1, $2, $3, $4, $5)',
          [full, ordinal, sentence, split, labels],
        );
      }
      await apply(MIGRATION);

      const described = async () =>
        (await client.query('SELECT tasks, splits, repetition FROM dataset WHERE id = $1', [full])).rows[0];
      const duplicates = async () =>
        (
          await client.query('SELECT * FROM dataset_duplicate WHERE dataset_id = $1 ORDER BY position', [
            full,
          ])
        ).rows;
      const [before, listed] = [await described(), await duplicates()];
      await client.query('DELETE FROM dataset_duplicate');
      assert.deepEqual(before, await describeVersion(client, full, ['topic', 'mood', 'unused']));
      assert.deepEqual(listed, await duplicates());
      assert.equal(listed.length, 2);
    } finally {
      await client.end();
      await drop();
    }
  });
});
