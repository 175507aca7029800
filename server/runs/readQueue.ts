import { type Database, type Queryable } from '../db/database.js';
import { readEstimates, type RunShape, TRAIN_ROWS } from './estimateSeconds.js';
import { scheduleWork } from './scheduleWork.js';
import { type TaskKind } from './workerTasks.js';

/** In the order in which the queue lists them. */
export const queueStatuses = ['RUNNING', 'WAITING', 'DELAYED', 'PAUSED'] as const;
export type QueueStatus = (typeof queueStatuses)[number];

/** A run, or a task beside training, that workers are at or will be. */
export interface QueueEntry {
  /** Of the run, or of the task. */
  id: string;
  kind: 'training' | TaskKind;
  status: QueueStatus;
  /** The run that is trained or verified. */
  runId: string | null;
  priority: number;
  queuedAt: Date;
  /** Among those that wait, 1 is next; null for those that run or are held. */
  position: number | null;
  workerId: string | null;
  device: string | null;
  startedAt: Date | null;
  estimatedSeconds: number | null;
  estimatedStartAt: Date | null;
  estimatedEndAt: Date | null;
  /** What decides among entries of one status and priority: microseconds. */
  turn: number;
}

interface Row extends Omit<
  QueueEntry,
  'position' | 'estimatedSeconds' | 'estimatedStartAt' | 'estimatedEndAt'
> {
  shape: RunShape | null;
  /** Share of the work that is done. */
  done: number;
  /** Seconds until the queue hands it out. */
  delay: number;
}

/**
 * Everything that workers are at, in the order it began; then what waits, in the order it will be taken; then what is held. With what past
 * runs say of when it begins and ends: null where nothing does, and where there is no worker.
 */
export async function readQueue({ pool }: Pick<Database, 'pool'>): Promise<QueueEntry[]> {
  const [running, waiting, held, workers, estimate] = await Promise.all([
    readRunning(pool).then(inOrder),
    readWaiting(pool).then(inOrder),
    readHeld(pool).then(inOrder),
    readWorkers(pool),
    readEstimates(pool),
  ]);
  const now = Date.now();
  const secondsOf = ({ shape }: Row): number | null => shape && estimate(shape);
  const ends = running.map((row) => remainingSeconds(row, secondsOf(row), now));
  const slots = workers.flatMap(({ id, concurrency }) => {
    const busy = running.flatMap(({ workerId }, index) => (workerId === id ? [ends[index]!] : []));
    return [...busy, ...Array<number>(Math.max(0, concurrency - busy.length)).fill(0)];
  });
  const starts = scheduleWork(
    slots,
    waiting.map((row) => ({ seconds: secondsOf(row), delay: row.delay })),
  );
  return [
    ...running.map((row, index) => entryOf(row, secondsOf(row), { now, end: ends[index]! })),
    ...waiting.map((row, index) =>
      entryOf(row, secondsOf(row), { now, position: index + 1, start: starts[index]! }),
    ),
    ...held.map((row) => entryOf(row, secondsOf(row), { now })),
  ];
}

/** How many entries there are by what becomes of them next, and a mark that changes with the order and whoever is at it. */
export async function readQueueState({ pool }: Pick<Database, 'pool'>): Promise<{
  counts: Record<QueueStatus, number>;
  mark: string;
}> {
  const rows = (await Promise.all([readRunning(pool), readWaiting(pool), readHeld(pool)])).flatMap(inOrder);
  return {
    counts: countByStatus(rows),
    mark: JSON.stringify(
      rows.map(({ id, status, priority, workerId, device }) => [id, status, priority, workerId, device]),
    ),
  };
}

/** How many entries there are by what becomes of them next. */
export function countByStatus(entries: readonly { status: QueueStatus }[]): Record<QueueStatus, number> {
  const counts = { RUNNING: 0, WAITING: 0, DELAYED: 0, PAUSED: 0 };
  for (const { status } of entries) counts[status] += 1;
  return counts;
}

/** A place in the queue: entries are listed by status, then by priority, then by turn. */
export type QueuePlace = [status: number, priority: number, turn: number, id: string];

export function placeOf({
  status,
  priority,
  turn,
  id,
}: Pick<QueueEntry, 'status' | 'priority' | 'turn' | 'id'>): QueuePlace {
  return [queueStatuses.indexOf(status), status === 'RUNNING' ? 0 : -priority, turn, id];
}

export function comparePlaces(one: QueuePlace, other: QueuePlace): number {
  const index = one.findIndex((value, at) => value !== other[at]);
  if (index === -1) return 0;
  return one[index]! < other[index]! ? -1 : 1;
}

function inOrder(rows: Row[]): Row[] {
  return rows.sort((one, other) => comparePlaces(placeOf(one), placeOf(other)));
}

function entryOf(
  { shape: _shape, done: _done, delay: _delay, ...row }: Row,
  seconds: number | null,
  place: { now: number; position?: number; start?: number; end?: number },
): QueueEntry {
  const { now, position = null, start = Infinity } = place;
  const end = place.end ?? start + (seconds ?? Infinity);
  const at = (after: number): Date | null => (Number.isFinite(after) ? new Date(now + 1000 * after) : null);
  return {
    ...row,
    position,
    estimatedSeconds: seconds,
    estimatedStartAt: at(start),
    estimatedEndAt: at(end),
  };
}

/** By its own pace once that can be told, until then by past runs. */
function remainingSeconds({ startedAt, done }: Row, seconds: number | null, now: number): number {
  const elapsed = startedAt === null ? 0 : (now - startedAt.getTime()) / 1000;
  if (done > 0.1) return (elapsed * (1 - done)) / done;
  return seconds === null ? Infinity : Math.max(0, seconds - elapsed);
}

const microseconds = (time: string): string => `(extract(epoch FROM ${time}) * 1000000)::float8`;

const SHAPE = `jsonb_build_object('experimentId', run.experiment_id, 'datasetId', run.dataset_id, 'model', run.definition ->> 'model',
  'freezeLabel', run."freeze" ->> 'label', 'epochs', run.epochs, 'trainRows', ${TRAIN_ROWS}) AS shape`;

async function readRunning(client: Queryable): Promise<Row[]> {
  const { rows } = await client.query<Row>(
    `SELECT run.id, 'training' AS kind, 'RUNNING' AS status, run.id AS "runId", run.priority, run.queued_at AS "queuedAt",
              attempt.worker_id AS "workerId", attempt.device, attempt.started_at AS "startedAt", ${SHAPE},
              CASE WHEN run.total_steps > attempt.first_step
                   THEN greatest(0, run.step - attempt.first_step)::float8 / (run.total_steps - attempt.first_step)
                   ELSE 0 END AS done, 0 AS delay, ${microseconds('attempt.started_at')} AS turn
       FROM run JOIN attempt ON attempt.run_id = run.id AND attempt.state IN ('STARTING', 'RUNNING')
       WHERE run.state IN ('STARTING', 'RUNNING') AND NOT run.external
       UNION ALL
       SELECT task.id, task.kind, 'RUNNING', task.run_id, 0, task.created_at, task.worker_id, worker.device, task.started_at,
              NULL, CASE WHEN task.total > 0 THEN task.done::float8 / task.total ELSE 0 END, 0, ${microseconds('task.started_at')}
       FROM worker_task task LEFT JOIN worker ON worker.id = task.worker_id WHERE task.state = 'RUNNING'`,
  );
  return rows;
}

async function readWaiting(client: Queryable): Promise<Row[]> {
  const { rows } = await client.query<Row>(
    `SELECT work.*, CASE WHEN jobs.run_at > now() THEN 'DELAYED' ELSE 'WAITING' END AS status,
            greatest(0, extract(epoch FROM jobs.run_at - now()))::float8 AS delay, ${microseconds('jobs.run_at')} AS turn
     FROM graphile_worker.jobs JOIN (
       SELECT run.id, 'training' AS kind, run.id AS "runId", run.priority, run.queued_at AS "queuedAt",
              NULL::uuid AS "workerId", NULL AS device, NULL::timestamptz AS "startedAt", ${SHAPE}, 0 AS done
       FROM run WHERE run.state = 'QUEUED' AND run.pause_requested_at IS NULL
       UNION ALL
       SELECT id, kind, run_id, 0, created_at, NULL, NULL, NULL, NULL, 0 FROM worker_task WHERE state = 'QUEUED') work
       ON jobs.key = work.id::text`,
  );
  return rows;
}

async function readHeld(client: Queryable): Promise<Row[]> {
  const { rows } = await client.query<Row>(
    `SELECT run.id, 'training' AS kind, 'PAUSED' AS status, run.id AS "runId", run.priority, run.queued_at AS "queuedAt",
            NULL AS "workerId", NULL AS device, NULL AS "startedAt", ${SHAPE}, 0 AS done, 0 AS delay, ${microseconds('run.queued_at')} AS turn
     FROM run WHERE run.state = 'QUEUED' AND run.pause_requested_at IS NOT NULL`,
  );
  return rows;
}

async function readWorkers(client: Queryable): Promise<{ id: string; concurrency: number }[]> {
  const { rows } = await client.query<{ id: string; concurrency: number }>(
    "SELECT id, concurrency FROM worker WHERE state IN ('IDLE', 'BUSY')",
  );
  return rows;
}
