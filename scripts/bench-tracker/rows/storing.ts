import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { logCurves, startRun } from '../operations.js';
import { type Row } from '../row.js';

const RUNS = 20;
const CURVES = 5;
/** The keeper merges chunks that have rested; what it is at is over when the size stays for so long. */
const QUIET_MS = 3_000;

export const disk: Row = {
  id: 'disk',
  title: 'disk for 10 million points',
  target: 20,
  unit: 'bytes/point',
  better: 'lower',
  async measure({ client, databaseUrl, quick }, details) {
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
    const own = client(4);
    try {
      const before = await storedBytes(pool);
      const points = quick ? 10_000 : 100_000;
      const runIds = await Promise.all(Array.from({ length: RUNS }, () => startRun(own)));
      const curves = runIds.flatMap((runId) =>
        Array.from({ length: CURVES }, (_, curve) => ({ runId, name: `curve ${curve}`, points })),
      );
      await logCurves(own, curves);
      const count = RUNS * CURVES * points;
      const logged = (await storedBytes(pool)) - before;
      details['bytes/point when the last was acknowledged'] = Number((logged / count).toFixed(2));
      return ((await settledBytes(pool)) - before) / count;
    } finally {
      own.close();
      await pool.end();
    }
  },
};

/** All that metrics take in the database: tables, their indexes, what is out of line. Postgres' log, which it reuses, is not in it. */
async function storedBytes(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(
    `SELECT sum(pg_total_relation_size(oid)) AS bytes FROM pg_class
     WHERE relname IN ('metric_chunk', 'metric_key', 'metric_summary') AND relkind = 'r'`,
  );
  return Number(rows[0]!.bytes);
}

async function settledBytes(pool: pg.Pool): Promise<number> {
  for (let last = await storedBytes(pool); ;) {
    await sleep(QUIET_MS);
    const bytes = await storedBytes(pool);
    if (bytes === last) return bytes;
    last = bytes;
  }
}
