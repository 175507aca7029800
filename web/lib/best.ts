/** Which run did best at each task of each dataset, among runs that were read. */

export interface BestCandidate {
  dataset: string;
  /** Task -> its accuracy and the metric it comes from; validation where there is one. */
  accuracies: readonly { task: string; metric: string; value: number }[];
  /** Seconds of compute, to decide between equals. */
  seconds: number | null;
}

export interface Best<Run> {
  dataset: string;
  task: string;
  metric: string;
  value: number;
  run: Run;
}

/** The best run of every dataset and task; of equals the cheaper. Numbers on validation rows outrank training rows'. */
export function bestRuns<Run>(runs: readonly Run[], candidate: (run: Run) => BestCandidate): Best<Run>[] {
  const best = new Map<string, Best<Run> & { seconds: number }>();
  for (const run of runs) {
    const { dataset, accuracies, seconds } = candidate(run);
    for (const { task, metric, value } of accuracies) {
      if (!Number.isFinite(value)) continue;
      const entry = { dataset, task, metric, value, run, seconds: seconds ?? Infinity };
      const key = `${dataset}\u0000${task}`;
      const rival = best.get(key);
      if (!rival || outranks(entry, rival)) best.set(key, entry);
    }
  }
  return [...best.values()].map(({ dataset, task, metric, value, run }) => ({
    dataset,
    task,
    metric,
    value,
    run,
  }));
}

interface Rank {
  metric: string;
  value: number;
  seconds: number;
}

function outranks(entry: Rank, rival: Rank): boolean {
  const validated =
    Number(entry.metric.startsWith('validation/')) - Number(rival.metric.startsWith('validation/'));
  if (validated !== 0) return validated > 0;
  return entry.value > rival.value || (entry.value === rival.value && entry.seconds < rival.seconds);
}
