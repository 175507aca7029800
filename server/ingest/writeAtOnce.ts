import type pg from 'pg';
import { type Parameters } from '../db/parameters.js';
import { type AppendedSeries, appendSeries } from '../metrics/appendMetrics.js';
import { isRunId } from '../runs/runIds.js';
import { digestId, EXTERNAL_ATTEMPT } from './externalRun.js';
import { type MetricBatch, seriesOf } from './metricBatch.js';

const DIVISION_BY_ZERO = '22012';

/**
 * Writes calls in one statement, which is a transaction by itself: where every run takes points and no key was used before, which
 * is nearly always, each trip to Postgres that is saved is a third of a small call's time. Otherwise the statement fails, as it
 * divides by zero, and nothing is written: null, and `writeGroup` finds out what to do with which call.
 */
export async function writeAtOnce(
  pool: pg.Pool,
  batches: readonly MetricBatch[],
): Promise<AppendedSeries[] | null> {
  const keys = new Map(
    batches.map(({ runId, key }) => [`${runId} ${key}`, { runId, digest: digestId(key) }]),
  );
  if (keys.size < batches.length || !batches.every(({ runId }) => isRunId(runId))) return null;
  try {
    return await appendSeries(pool, batches.flatMap(seriesOf), {
      tables: (parameters) => guardTables(parameters, [...keys.values()]),
      condition: '(SELECT passed FROM guard) = 1',
    });
  } catch (error) {
    if ((error as { code?: string }).code === DIVISION_BY_ZERO) return null;
    throw error;
  }
}

function guardTables(parameters: Parameters, keys: readonly { runId: string; digest: string }[]): string {
  const runIds = parameters.add([...new Set(keys.map(({ runId }) => runId))], 'uuid[]');
  const count = parameters.add(keys.length, 'int');
  const taken = parameters.rows('key', {
    run_id: ['uuid', keys.map(({ runId }) => runId)],
    digest: ['uuid', keys.map(({ digest }) => digest)],
  });
  return `
  held AS MATERIALIZED (
    SELECT run_id FROM attempt JOIN run ON run.id = attempt.run_id
    WHERE run_id = ANY(${runIds}) AND number = ${EXTERNAL_ATTEMPT} AND run.external AND attempt.state = 'RUNNING'
    ORDER BY run_id FOR NO KEY UPDATE OF attempt),
  taken AS (
    INSERT INTO metric_key (run_id, digest) SELECT run_id, digest FROM ${taken} JOIN held USING (run_id)
    ON CONFLICT DO NOTHING RETURNING 1),
  guard AS MATERIALIZED (
    SELECT 1 / (CASE WHEN (SELECT count(*) FROM taken) = ${count} THEN 1 ELSE 0 END) AS passed)`;
}
