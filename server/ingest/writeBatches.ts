import { type Queryable } from '../db/database.js';
import { type Parameters } from '../db/parameters.js';
import { type AppendedSeries, appendSeries } from '../metrics/appendMetrics.js';
import { describeRefusal } from '../runs/externalRuns.js';
import { isRunId } from '../runs/runIds.js';
import { digestId, EXTERNAL_ATTEMPT } from './externalRun.js';
import { type Outcome } from './groupCommit.js';
import { type MetricBatch, seriesOf } from './metricBatch.js';

/** A call's key among those of its run, as the table of keys has it. */
interface KeyRow {
  runId: string;
  digest: string;
}

/** Runs that take points: those that are trained elsewhere and have not ended. Locked, always in the same order. */
const holdAttempts = (runIds: string): string => `
  SELECT run_id FROM attempt JOIN run ON run.id = attempt.run_id
  WHERE run_id = ANY(${runIds}) AND number = ${EXTERNAL_ATTEMPT} AND run.external AND attempt.state = 'RUNNING'
  ORDER BY run_id FOR NO KEY UPDATE OF attempt`;

/**
 * Writes calls in one statement: where every run takes points and no key was used before, which is nearly always. Otherwise it
 * divides by zero, and nothing is written.
 */
export async function logAtOnce(
  client: Queryable,
  batches: readonly MetricBatch[],
): Promise<AppendedSeries[]> {
  const open = batches.filter(({ runId }) => isRunId(runId));
  const keys = [...keysOf(open).keys()].map(parseKey);
  return appendSeries(client, open.flatMap(seriesOf), {
    tables: (parameters) => guardTables(parameters, keys, batches.length),
    condition: '(SELECT passed FROM guard) = 1',
  });
}

function guardTables(parameters: Parameters, keys: readonly KeyRow[], expected: number): string {
  const runIds = parameters.add([...new Set(keys.map(({ runId }) => runId))], 'uuid[]');
  const count = parameters.add(expected, 'int');
  const rows = parameters.rows('key', {
    run_id: ['uuid', keys.map(({ runId }) => runId)],
    digest: ['uuid', keys.map(({ digest }) => digest)],
  });
  return `
  held AS MATERIALIZED (${holdAttempts(runIds)}),
  taken AS (
    INSERT INTO metric_key (run_id, digest) SELECT run_id, digest FROM ${rows} JOIN held USING (run_id)
    ON CONFLICT DO NOTHING RETURNING 1),
  guard AS MATERIALIZED (
    SELECT 1 / (CASE WHEN (SELECT count(*) FROM taken) = ${count} THEN 1 ELSE 0 END) AS passed)`;
}

/**
 * Writes calls in a transaction. A call that cannot be done (its run has ended, is not there) is refused by itself; of calls with
 * the same key only the first is written.
 */
export async function logInTransaction(
  client: Queryable,
  batches: readonly MetricBatch[],
): Promise<{ outcomes: Outcome<boolean>[]; appended: AppendedSeries[] }> {
  const runIds = [...new Set(batches.map(({ runId }) => runId))];
  const { rows } = await client.query<{ run_id: string }>(holdAttempts('$1::uuid[]'), [
    runIds.filter(isRunId),
  ]);
  const held = new Set(rows.map((row) => row.run_id));
  const fresh = await takeKeys(
    client,
    batches.filter(({ runId }) => held.has(runId)),
  );
  const appended = await appendSeries(client, batches.filter((batch) => fresh.has(batch)).flatMap(seriesOf));
  const refusals = await describeRefusal(
    client,
    runIds.filter((runId) => !held.has(runId)),
  );
  const outcomes = batches.map((batch) => refusals.get(batch.runId) ?? { done: fresh.has(batch) });
  return { outcomes, appended };
}

/** Remembers the keys of calls; those that were there before are left out of what it returns. */
async function takeKeys(client: Queryable, batches: readonly MetricBatch[]): Promise<Set<MetricBatch>> {
  const byKey = keysOf(batches);
  if (byKey.size === 0) return new Set();
  const keys = [...byKey.keys()].map(parseKey);
  const { rows } = await client.query<KeyRow>(
    `INSERT INTO metric_key (run_id, digest) SELECT * FROM unnest($1::uuid[], $2::uuid[])
     ON CONFLICT DO NOTHING RETURNING run_id AS "runId", digest`,
    [keys.map(({ runId }) => runId), keys.map(({ digest }) => digest)],
  );
  return new Set(rows.map(({ runId, digest }) => byKey.get(`${runId} ${digest}`)!));
}

/** The first of the calls with each key. */
function keysOf(batches: readonly MetricBatch[]): Map<string, MetricBatch> {
  const byKey = new Map<string, MetricBatch>();
  for (const batch of batches) {
    const key = `${batch.runId} ${digestId(batch.key)}`;
    if (!byKey.has(key)) byKey.set(key, batch);
  }
  return byKey;
}

function parseKey(key: string): KeyRow {
  const [runId, digest] = key.split(' ') as [string, string];
  return { runId, digest };
}
