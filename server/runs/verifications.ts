import { badInput, FrostlineError } from '../../experiments/errors.js';
import type { InputChange, Verification } from '../../experiments/training/verify.js';
import { type WorkerTask } from '../db/generated/client.js';
import { type Database, inTransaction } from '../db/database.js';
import { findRuns } from './runIds.js';
import { addTask } from './workerTasks.js';

export type VerificationState = 'QUEUED' | 'RUNNING' | 'PASSED' | 'DIVERGED' | 'FAILED';

/** A verification as it stands; what it found is null until it is over. */
export interface RunVerification {
  id: string;
  state: VerificationState;
  stepsCompared: number;
  stepsRecorded: number | null;
  found: Verification | null;
  changes: InputChange[];
  error: { code: string; message: string } | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** Queues a verification of a finished run; one that is under way is not repeated. */
export async function requestVerification(database: Database, runId: string): Promise<RunVerification> {
  const [run] = await findRuns(database, [runId], 'id');
  const { id, state, external } = run!;
  if (external) throw badInput('id: the run was trained elsewhere and cannot be run again', { path: 'id' });
  if (state !== 'FINISHED') {
    throw new FrostlineError('CONFLICT', `id: expected a finished run, it is ${state}`, { path: 'id' });
  }
  const taskId = await inTransaction(database.pool, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtext('verify'), hashtext($1))", [id]);
    const record = await client.query('SELECT 1 FROM run_record WHERE run_id = $1', [id]);
    if (record.rowCount === 0) {
      const message =
        'id: the run kept no record of its steps; launch it again to have one that can be verified';
      throw new FrostlineError('CONFLICT', message, { path: 'id' });
    }
    const underWay = await client.query<{ id: string }>(
      `SELECT id FROM worker_task WHERE run_id = $1 AND kind = 'verification' AND state IN ('QUEUED', 'RUNNING') LIMIT 1`,
      [id],
    );
    return underWay.rows[0]?.id ?? (await addTask(client, { kind: 'verification', runId: id }));
  });
  return toVerification(await database.prisma.workerTask.findUniqueOrThrow({ where: { id: taskId } }));
}

/** The newest verification of each of these runs, null for runs that were never verified. */
export async function newestVerifications(
  { prisma }: Database,
  runIds: readonly string[],
): Promise<(RunVerification | null)[]> {
  const rows = await prisma.workerTask.findMany({
    where: { runId: { in: [...runIds] }, kind: 'verification' },
    distinct: ['runId'],
    orderBy: [{ runId: 'asc' }, { sequence: 'desc' }],
  });
  const byRun = new Map(rows.map((row) => [row.runId, row]));
  return runIds.map((id) => {
    const task = byRun.get(id);
    return task === undefined ? null : toVerification(task);
  });
}

function toVerification(task: WorkerTask): RunVerification {
  const { id, createdAt, startedAt, finishedAt, errorCode, errorMessage } = task;
  const found = task.result as unknown as Verification | null;
  return {
    id,
    state: task.state === 'FINISHED' ? (found?.equal ? 'PASSED' : 'DIVERGED') : task.state,
    stepsCompared: found?.steps.compared ?? task.done,
    stepsRecorded: found?.steps.recorded ?? task.total,
    found,
    changes: found?.changes ?? [],
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
    createdAt,
    startedAt,
    finishedAt,
  };
}
