import { type Attempt, type Run } from '../db/generated/client.js';

/** What a run took, in seconds and rows. */
export interface RunCost {
  queuedSeconds: number | null;
  computeSeconds: number | null;
  deviceSeconds: number;
  wastedSeconds: number;
  savedSeconds: number | null;
  featureRowsComputed: number | null;
  featureRowsReused: number | null;
}

/** What a run took so far; `attempts` are all of its attempts in order. */
export function costOf(run: Run, attempts: readonly Attempt[]): RunCost {
  const { createdAt, startedAt, computeSeconds, savedSeconds, featureRowsComputed, featureRowsReused } = run;
  return {
    queuedSeconds: startedAt && Math.max(0, seconds(createdAt, startedAt)),
    computeSeconds,
    deviceSeconds: attempts.reduce((sum, attempt) => sum + lasted(attempt), 0),
    wastedSeconds: attempts.reduce((sum, attempt, index) => sum + wasted(attempt, attempts[index + 1]), 0),
    savedSeconds,
    featureRowsComputed,
    featureRowsReused,
  };
}

/** Until now, of an attempt that goes on. */
function lasted({ startedAt, finishedAt }: Attempt): number {
  return startedAt === null ? 0 : Math.max(0, seconds(startedAt, finishedAt ?? new Date()));
}

/** What of an attempt that failed or was lost had to be done again, as its share of the steps; all of it when nothing was kept. */
function wasted(attempt: Attempt, next: Attempt | undefined): number {
  const { state, firstStep, lastStep } = attempt;
  if (state !== 'LOST' && state !== 'FAILED') return 0;
  const made = (lastStep ?? firstStep) - firstStep;
  const kept = next === undefined ? 0 : Math.min(made, Math.max(0, next.firstStep - firstStep));
  return made === 0 ? lasted(attempt) : lasted(attempt) * (1 - kept / made);
}

function seconds(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}
