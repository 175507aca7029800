import { FrostlineError } from '../../experiments/errors.js';
import { type Run, type RunState } from '../db/generated/client.js';
import { type Database, inTransaction, type Queryable } from '../db/database.js';
import { notify } from '../db/notifications.js';
import { findRuns, isRunId } from './runIds.js';

/** How a program says that a run it trains has ended. */
export interface FinishedRun {
  runId: string;
  state: 'FINISHED' | 'FAILED';
  error?: string | null;
}

/** Ends a run that is trained elsewhere. Saying the same again changes nothing; a run that ended otherwise is a CONFLICT. */
export async function finishExternalRun(database: Database, end: FinishedRun): Promise<Run> {
  const { id } = (await findRuns(database, [end.runId], 'runId'))[0]!;
  await inTransaction(database.pool, async (client) => {
    const { rows } = await client.query<{ state: RunState; external: boolean; experimentId: string | null }>(
      `SELECT attempt.state, run.external, run.experiment_id AS "experimentId" FROM attempt JOIN run ON run.id = attempt.run_id
       WHERE attempt.run_id = $1 AND run.external FOR NO KEY UPDATE OF attempt`,
      [id],
    );
    if (rows[0]?.state === end.state) return;
    if (rows[0]?.state !== 'RUNNING') throw (await describeRefusal(client, [id])).get(id)!.error;
    const error = end.state === 'FAILED' ? { code: 'EXTERNAL', message: end.error ?? '' } : null;
    await endExternalAttempt(client, { runId: id, state: end.state, error });
    await notify(client, { type: 'run', runId: id, experimentId: rows[0].experimentId });
  });
  return database.prisma.run.findUniqueOrThrow({ where: { id } });
}

/** Writes the end of a run that is trained elsewhere; belongs in a transaction that holds its attempt. */
export async function endExternalAttempt(
  client: Queryable,
  end: { runId: string; state: RunState; error: { code: string; message: string } | null },
): Promise<void> {
  const values = [end.runId, end.state, end.error?.code ?? null, end.error?.message ?? null];
  await client.query(
    `UPDATE attempt SET state = $2::run_state, finished_at = now(), error_code = $3, error_message = $4,
            last_step = (SELECT max(last_step) FROM metric_summary WHERE run_id = $1)
     WHERE run_id = $1 AND state = 'RUNNING'`,
    values,
  );
  await client.query(
    `UPDATE run SET state = $2::run_state, finished_at = now(), error_code = $3, error_message = $4,
            compute_seconds = extract(epoch FROM now() - started_at),
            step = coalesce((SELECT max(last_step) FROM metric_summary WHERE run_id = $1), step)
     WHERE id = $1`,
    values,
  );
}

/** Why runs do not take points, by the ids that were asked for. */
export async function describeRefusal(
  client: Queryable,
  runIds: readonly string[],
): Promise<Map<string, { error: FrostlineError }>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await client.query<{ id: string; state: RunState; external: boolean }>(
    'SELECT id, state, external FROM run WHERE id = ANY($1::uuid[])',
    [runIds.filter(isRunId)],
  );
  const byId = new Map(rows.map((run) => [run.id, run]));
  return new Map(
    runIds.map((id) => {
      const run = byId.get(id.toLowerCase());
      const path = 'runId';
      if (run === undefined) {
        const message = `${path}: there is no run ${JSON.stringify(id)}`;
        return [id, { error: new FrostlineError('NOT_FOUND', message, { path }) }];
      }
      const message = run.external
        ? `${path}: the run takes nothing more, it is ${run.state}`
        : `${path}: a worker of this server trains the run; expected one that startExternalRun began`;
      return [id, { error: new FrostlineError('CONFLICT', message, { path }) }];
    }),
  );
}
