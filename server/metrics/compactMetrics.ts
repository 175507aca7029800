import type pg from 'pg';
import { CHUNK_POINTS } from './appendMetrics.js';
import { compactSeries } from './compactSeries.js';

/** An attempt rests for so long after its end, in case that its end is taken back. */
const REST_SECONDS = 60;
const AT_ONCE = 500;

/** Rewrites the small chunks of attempts that ended a while ago as few full ones. */
export async function compactEndedAttempts(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ runId: string; attempt: number }>(
    `SELECT run_id AS "runId", number AS attempt FROM attempt
     WHERE compacted_at IS NULL AND finished_at < now() - make_interval(secs => $1) LIMIT $2`,
    [REST_SECONDS, AT_ONCE],
  );
  await compactAttempts(pool, rows);
}

/** Rewrites one attempt's chunks. Nothing is lost or reordered; two processes that do it at once take turns. */
export async function compactMetrics(
  pool: pg.Pool,
  owner: { runId: string; attempt: number },
): Promise<void> {
  await compactAttempts(pool, [owner]);
}

async function compactAttempts(
  pool: pg.Pool,
  owners: readonly { runId: string; attempt: number }[],
): Promise<void> {
  if (owners.length === 0) return;
  const columns = [owners.map(({ runId }) => runId), owners.map(({ attempt }) => attempt)];
  const { rows } = await pool.query<{ runId: string; attempt: number; name: string }>(
    `SELECT run_id AS "runId", attempt, name FROM metric_chunk
     JOIN unnest($1::uuid[], $2::int[]) AS owner (run_id, attempt) USING (run_id, attempt)
     GROUP BY run_id, attempt, name HAVING count(*) > 1`,
    columns,
  );
  for (const key of rows) await compactSeries(pool, key, { fullAt: CHUNK_POINTS, restSeconds: 0 });
  await pool.query(
    `UPDATE attempt SET compacted_at = now() FROM unnest($1::uuid[], $2::int[]) AS owner (run_id, number)
     WHERE attempt.run_id = owner.run_id AND attempt.number = owner.number`,
    columns,
  );
}
