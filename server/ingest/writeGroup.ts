import { type FrostlineError } from '../../experiments/errors.js';
import { type Queryable } from '../db/database.js';
import { type Run } from '../db/generated/client.js';
import { notify } from '../db/notifications.js';
import { appendSeries, type AppendedSeries } from '../metrics/appendMetrics.js';
import { describeRefusal } from '../runs/externalRuns.js';
import { isRunId } from '../runs/runIds.js';
import { digestId, type ExternalRun, insertExternalRuns } from './externalRun.js';
import { type MetricBatch, seriesOf } from './metricBatch.js';

/** What one call asks to be written. */
export type Work = { type: 'start'; run: ExternalRun } | { type: 'log'; batch: MetricBatch };

/** How a call ended: stored, stored before under the same key, or refused. */
export type Outcome = Stored | { error: FrostlineError };

export interface Stored {
  /** false when it was stored before. */
  stored: boolean;
  /** The run that was begun. */
  run?: Run;
}

/** Everything that a transaction did, in the order of the work. */
export interface GroupResult {
  outcomes: Outcome[];
  appended: AppendedSeries[];
}

/**
 * Writes the work of many calls in one transaction: about six statements, whatever their number. A call that cannot be done (its
 * run has ended, is not there) is refused by itself; the others are stored.
 */
export async function writeGroup(client: Queryable, work: readonly Work[]): Promise<GroupResult> {
  const started = work.flatMap((one) => (one.type === 'start' ? [one.run] : []));
  const batches = work.flatMap((one) => (one.type === 'log' ? [one.batch] : []));
  const runs = await insertExternalRuns(client, started);
  const { outcomes, appended } = await writeBatches(client, batches);
  await notify(
    client,
    ...runs.map(({ id, experimentId }) => ({ type: 'run' as const, runId: id, experimentId })),
  );
  const byId = new Map(runs.map((run) => [run.id, run]));
  let next = 0;
  return {
    appended,
    outcomes: work.map((one) => {
      if (one.type === 'log') return outcomes[next++]!;
      const run = byId.get(one.run.id);
      return { stored: run !== undefined, run };
    }),
  };
}

async function writeBatches(client: Queryable, batches: readonly MetricBatch[]): Promise<GroupResult> {
  if (batches.length === 0) return { outcomes: [], appended: [] };
  const held = await holdAttempts(
    client,
    batches.map(({ runId }) => runId),
  );
  const open = batches.filter(({ runId }) => held.has(runId));
  const fresh = await takeKeys(client, open);
  const series = open.filter((batch) => fresh.has(batch)).flatMap(seriesOf);
  const appended = await appendSeries(client, series);
  const refusals = await describeRefusal(
    client,
    batches.flatMap(({ runId }) => (held.has(runId) ? [] : [runId])),
  );
  const outcomes = batches.map((batch): Outcome => refusals.get(batch.runId) ?? { stored: fresh.has(batch) });
  return { outcomes, appended };
}

/**
 * Locks the attempts that take points, always in the same order: no other process appends to them, or ends them, until the end of
 * the transaction.
 */
async function holdAttempts(client: Queryable, runIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ runId: string }>(
    `SELECT attempt.run_id AS "runId" FROM attempt JOIN run ON run.id = attempt.run_id
     WHERE attempt.run_id = ANY($1::uuid[]) AND run.external AND attempt.state = 'RUNNING'
     ORDER BY attempt.run_id, attempt.number FOR NO KEY UPDATE OF attempt`,
    [[...new Set(runIds.filter(isRunId))]],
  );
  return new Set(rows.map(({ runId }) => runId));
}

/** Remembers the keys of calls; those that were there before are left out of what it returns. */
async function takeKeys(client: Queryable, batches: readonly MetricBatch[]): Promise<Set<MetricBatch>> {
  const byKey = new Map<string, MetricBatch>();
  for (const batch of batches) {
    const key = `${batch.runId} ${digestId(batch.key)}`;
    if (!byKey.has(key)) byKey.set(key, batch);
  }
  if (byKey.size === 0) return new Set();
  const keys = [...byKey.keys()].map((key) => key.split(' '));
  const { rows } = await client.query<{ runId: string; digest: string }>(
    `INSERT INTO metric_key (run_id, digest) SELECT * FROM unnest($1::uuid[], $2::uuid[])
     ON CONFLICT DO NOTHING RETURNING run_id AS "runId", digest`,
    [keys.map(([runId]) => runId), keys.map(([, digest]) => digest)],
  );
  return new Set(rows.map(({ runId, digest }) => byKey.get(`${runId} ${digest}`)!));
}
