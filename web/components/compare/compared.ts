import type { Comparison } from '@/lib/api/use-comparison';
import { isActive } from '@/lib/api/use-run';
import { accuracyMetric, lastValue, lossMetric, taskNames } from '@/lib/metrics';
import { distinctNames } from '@/lib/run-names';
import { verdictOf, type Verdict } from '@/lib/verdict';

/** A run in a comparison, with the short name and colour it goes by there. */
export interface ComparedRun {
  run: Comparison['runs'][number];
  name: string;
  slot: number;
  baseline: boolean;
}

/** The runs of a comparison in order; the first is the baseline. */
export function comparedRuns(comparison: Comparison, slotOf: (id: string) => number): ComparedRun[] {
  const names = distinctNames(
    comparison.runs.map((run) => ({
      name: run.name,
      experiment: run.experiment?.name ?? null,
      seed: run.seed,
    })),
  );
  return comparison.runs.map((run, index) => ({
    run,
    name: names[index] ?? run.name,
    slot: slotOf(run.id),
    baseline: index === 0,
  }));
}

/** What stands for all runs of one freeze configuration where colours and lines are a group's. */
export const freezeGroup = (label: string) => `freeze:${label}`;

export interface MeasuredVerdict extends Verdict {
  tasks: string[];
  /** The metrics the verdict rests on. */
  loss: string;
  accuracies: Record<string, string>;
  onValidation: boolean;
  unfinished: number;
}

/** The verdict over compared runs, on validation rows where any run has them. */
export function measureVerdict(runs: readonly ComparedRun[]): MeasuredVerdict {
  const plain = runs.map(({ run }) => run);
  const tasks = taskNames(plain.flatMap((run) => run.metrics));
  const loss = lossMetric(plain);
  const accuracies = Object.fromEntries(tasks.map((task) => [task, accuracyMetric(plain, task)]));
  const verdict = verdictOf(
    plain.map((run) => ({
      id: run.id,
      label: run.freeze.label,
      trainableShare: run.freeze.trainableShare,
      trainableParameters: run.trainableParameters,
      seconds: run.cost.computeSeconds,
      loss: lastValue(run.metrics, loss),
      accuracy: Object.fromEntries(tasks.map((task) => [task, lastValue(run.metrics, accuracies[task]!)])),
    })),
    tasks,
  );
  return {
    ...verdict,
    tasks,
    loss,
    accuracies,
    onValidation: Object.values(accuracies).some((metric) => metric.startsWith('validation/')),
    unfinished: plain.filter((run) => isActive(run.state)).length,
  };
}
