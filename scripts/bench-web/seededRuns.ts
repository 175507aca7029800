import pg from 'pg';
import { seedRuns } from '../../test/support/seedRuns.js';
import { type WebBench } from './row.js';

/** The runs that rows about lists work with, seeded once for all of them. */
const seeded = new WeakMap<WebBench, Promise<string[]>>();

/** Ids of ten thousand runs, the oldest first. */
export function seededRuns(bench: WebBench): Promise<string[]> {
  const known = seeded.get(bench) ?? seed(bench);
  seeded.set(bench, known);
  return known;
}

async function seed({ databaseUrl, quick }: WebBench): Promise<string[]> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    return await seedRuns(pool, quick ? 1000 : 10_000);
  } finally {
    await pool.end();
  }
}
