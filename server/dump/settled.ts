/** How rows are written down: SQL in place of columns, of the row `t`, and which rows are. */
interface Settled {
  columns?: Record<string, string>;
  where?: string;
}

const RUN_IS_UNDER_WAY = "t.state IN ('STARTING', 'RUNNING') AND NOT t.external";
const ATTEMPT_IS_UNDER_WAY = `t.state IN ('STARTING', 'RUNNING')
  AND NOT (SELECT external FROM run WHERE run.id = t.run_id)`;
/** It is over as soon as its worker gives it back. */
const RUN_ENDS = '(t.cancel_requested_at IS NOT NULL OR t.pruned)';
const when = (condition: string, then: string, otherwise: string): string =>
  `CASE WHEN ${condition} THEN ${then} ELSE ${otherwise} END`;

/**
 * A project without the processes that are at work on it: as if each worker had just been stopped in good order. What trains goes on
 * from its last checkpoint where it is restored. Runs that other programs train stay as they are: those programs may go on.
 */
export const settled: Readonly<Record<string, Settled>> = {
  run: {
    columns: {
      state: when(RUN_IS_UNDER_WAY, `${when(RUN_ENDS, "'CANCELLED'", "'QUEUED'")}::run_state`, 't.state'),
      finished_at: when(
        `${RUN_IS_UNDER_WAY} AND ${RUN_ENDS}`,
        'coalesce(t.cancel_requested_at, t.started_at, t.created_at)',
        't.finished_at',
      ),
      pause_requested_at: when(`${RUN_IS_UNDER_WAY} AND ${RUN_ENDS}`, 'NULL', 't.pause_requested_at'),
    },
  },
  attempt: {
    columns: {
      state: when(ATTEMPT_IS_UNDER_WAY, "'LOST'::run_state", 't.state'),
      finished_at: when(
        ATTEMPT_IS_UNDER_WAY,
        '(SELECT last_seen_at FROM worker WHERE worker.id = t.worker_id)',
        't.finished_at',
      ),
      // This code does not count as a failure.
      error_code: when(ATTEMPT_IS_UNDER_WAY, "'WORKER_STOPPED'", 't.error_code'),
      error_message: when(ATTEMPT_IS_UNDER_WAY, "'dumped while it was under way'", 't.error_message'),
      job_id: 'NULL',
      job_locked_by: 'NULL',
    },
  },
  worker_task: {
    columns: {
      state: when("t.state = 'RUNNING'", "'QUEUED'::task_state", 't.state'),
      worker_id: 'NULL',
      job_id: 'NULL',
      job_locked_by: 'NULL',
    },
  },
  // Names of workers, for the attempts that they made.
  worker: {
    columns: {
      state: "'STOPPED'::worker_state",
      job_holder: 'NULL',
      last_seen_at: 't.started_at',
    },
    where: 'EXISTS (SELECT FROM attempt WHERE attempt.worker_id = t.id)',
  },
  // The index of pgvector lies beside the tables, and is not copied.
  vector_set: { columns: { indexed: 'false' } },
};
