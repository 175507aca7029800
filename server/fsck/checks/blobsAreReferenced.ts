import { inTransaction } from '../../db/database.js';
import { lockBlob, mayRemoveBlobs, unreferenced } from '../../blobs/blobRecords.js';
import { type Check, type Finding } from '../check.js';

export const blobsAreReferenced: Check = {
  name: 'orphans',
  promise: 'nothing is in the store, or in the table of blobs, that nothing refers to',
  async find({ database: { pool }, blobs, graceSeconds }) {
    const findings: Finding[] = [];
    const { rows } = await pool.query<{ sha256: string }>(
      `SELECT sha256 FROM blob WHERE ${unreferenced} AND created_at < now() - make_interval(secs => $1) ORDER BY sha256`,
      [graceSeconds],
    );
    for (const { sha256 } of rows) {
      findings.push({
        message: `nothing refers to blob ${sha256}`,
        repair: () =>
          inTransaction(pool, async (client) => {
            if (!(await mayRemoveBlobs(client))) return;
            await lockBlob(client, sha256);
            const { rowCount } = await client.query(
              `DELETE FROM blob WHERE sha256 = $1 AND ${unreferenced}`,
              [sha256],
            );
            if (rowCount !== 0) await blobs.delete(sha256);
          }),
      });
    }
    const oldest = Date.now() - 1000 * graceSeconds;
    for await (const { sha256, modifiedAt } of blobs.list()) {
      if (modifiedAt.getTime() > oldest) continue;
      const known = await pool.query('SELECT 1 FROM blob WHERE sha256 = $1', [sha256]);
      if (known.rowCount !== 0) continue;
      findings.push({
        message: `${sha256} is in the store, and no table names it`,
        repair: () =>
          inTransaction(pool, async (client) => {
            await lockBlob(client, sha256);
            const entered = await client.query('SELECT 1 FROM blob WHERE sha256 = $1', [sha256]);
            if (entered.rowCount === 0) await blobs.delete(sha256);
          }),
      });
    }
    return findings;
  },
};
