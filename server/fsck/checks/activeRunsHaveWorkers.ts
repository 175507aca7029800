import { loseAttemptsOf } from '../../runs/loseAttempts.js';
import { type Check, type Finding } from '../check.js';

export const activeRunsHaveWorkers: Check = {
  name: 'attempts',
  promise:
    'every run under way has one attempt under way, with a worker that lives; runs that are over have none',
  async find({ database }) {
    const findings: Finding[] = [];
    const orphaned = await database.pool.query<{ runId: string; number: number; workerId: string | null }>(
      `SELECT run_id AS "runId", number, worker_id AS "workerId" FROM attempt JOIN run ON run.id = attempt.run_id
       LEFT JOIN worker ON worker.id = attempt.worker_id
       WHERE attempt.state IN ('STARTING', 'RUNNING') AND NOT run.external
         AND (worker.id IS NULL OR worker.state NOT IN ('IDLE', 'BUSY'))`,
    );
    for (const { runId, number, workerId } of orphaned.rows) {
      findings.push({
        message: `attempt ${number} of run ${runId} is under way, and its worker is gone`,
        ...(workerId !== null && {
          repair: async (client) => void (await loseAttemptsOf(client, workerId)),
        }),
      });
    }
    const idle = await database.pool.query<{ id: string; state: string }>(
      `SELECT id, state FROM run WHERE state IN ('STARTING', 'RUNNING') AND NOT external
         AND NOT EXISTS (SELECT 1 FROM attempt WHERE run_id = run.id AND attempt.state IN ('STARTING', 'RUNNING'))`,
    );
    for (const { id, state } of idle.rows)
      findings.push({ message: `run ${id} is ${state} and has no attempt under way` });
    const late = await database.pool.query<{ id: string; state: string; number: number }>(
      `SELECT run.id, run.state, attempt.number FROM run JOIN attempt ON run_id = run.id
       WHERE run.state NOT IN ('STARTING', 'RUNNING') AND attempt.state IN ('STARTING', 'RUNNING') AND NOT external`,
    );
    for (const { id, state, number } of late.rows)
      findings.push({ message: `run ${id} is ${state}, and its attempt ${number} is still under way` });
    return findings;
  },
};
