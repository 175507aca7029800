/** Metric names as a training run logs them (`epoch/topic/accuracy`), read into their parts, and what each number means. */

export interface MetricSummaryLike {
  name: string;
  count: number;
  last: number | null;
  /** "NaN", "Infinity" or "-Infinity" when that is the last value. */
  lastSpecial?: string | null;
}

/** Which rows a metric was measured on. */
export type Phase = 'train' | 'epoch' | 'validation' | 'system' | 'other';

export interface MetricName {
  phase: Phase;
  task: string | null;
  measure: string;
}

const phases: readonly string[] = ['train', 'epoch', 'validation', 'system'];

/** Takes a metric's name apart; the task is what stands between its phase and its measure. */
export function parseMetricName(name: string): MetricName {
  const parts = name.split('/');
  const measure = parts.at(-1) ?? name;
  const first = parts[0] ?? '';
  if (!phases.includes(first) || parts.length < 2) return { phase: 'other', task: null, measure: name };
  return { phase: first as Phase, task: parts.length > 2 ? parts.slice(1, -1).join('/') : null, measure };
}

/** Whether more of a metric is better; null where neither direction is. */
export function higherIsBetter(name: string): boolean | null {
  const { measure } = parseMetricName(name);
  if (/accuracy|f1|precision|recall|sentencesPerSecond/i.test(measure)) return true;
  if (/loss|seconds/i.test(measure)) return false;
  return null;
}

/** Whether a metric is a share, to be written as a percentage. */
export function isShare(name: string): boolean {
  return /accuracy|f1|precision|recall/i.test(parseMetricName(name).measure);
}

/** Whether a metric is a duration in seconds. */
export function isDuration(name: string): boolean {
  return parseMetricName(name).measure === 'seconds';
}

/** The last value, NaN and infinities as they are; null when there is none yet. */
export function lastValue(metrics: readonly MetricSummaryLike[], name: string): number | null {
  const metric = metrics.find((candidate) => candidate.name === name);
  if (!metric || metric.count === 0) return null;
  return metric.last ?? Number(metric.lastSpecial ?? Number.NaN);
}

/** Tasks that any of these metrics speaks of, in order of appearance. */
export function taskNames(metrics: readonly { name: string }[]): string[] {
  const tasks = new Set<string>();
  for (const metric of metrics) {
    const { task, measure } = parseMetricName(metric.name);
    if (task !== null && measure === 'accuracy') tasks.add(task);
  }
  return [...tasks];
}

/**
 * The metric that speaks for a task's accuracy over several runs: on validation rows where any run has them,
 * else on the training rows. One name for all, so that the numbers of a column can be compared.
 */
export function accuracyMetric(
  runs: readonly { metrics: readonly { name: string }[] }[],
  task: string,
): string {
  const validation = `validation/${task}/accuracy`;
  const measured = runs.some((run) => run.metrics.some((metric) => metric.name === validation));
  return measured ? validation : `epoch/${task}/accuracy`;
}

/** The loss that speaks for several runs; see {@link accuracyMetric}. */
export function lossMetric(runs: readonly { metrics: readonly { name: string }[] }[]): string {
  const measured = runs.some((run) => run.metrics.some((metric) => metric.name === 'validation/loss'));
  return measured ? 'validation/loss' : 'epoch/loss';
}

/** A phase for people: "train" or "validation". */
export function phaseLabel(name: string): string {
  return parseMetricName(name).phase === 'validation' ? 'validation' : 'train';
}
