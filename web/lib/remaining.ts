interface TimedProgress {
  progress: { step: number; totalSteps: number | null; fraction: number };
  attempts: readonly { startedAt: string | null; firstStep: number }[];
}

/** Seconds a running run still needs at its pace so far; null before it can be told. */
export function remainingSeconds(run: TimedProgress, now: number): number | null {
  const { fraction, totalSteps, step } = run.progress;
  const attempt = run.attempts.at(-1);
  if (!attempt?.startedAt || fraction <= 0.01 || now === 0) return null;
  // An attempt that went on from a checkpoint has done only what came after it.
  const done = totalSteps ? (step - attempt.firstStep) / totalSteps : fraction;
  if (done <= 0) return null;
  return ((now - Date.parse(attempt.startedAt)) / 1000 / done) * (1 - fraction);
}
