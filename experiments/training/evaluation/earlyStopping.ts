import type { EarlyStopping } from '../../schema/types.js';
import type { TaskEvaluation } from '../events.js';
import type { StoppingState } from '../progress.js';

export interface ValidationResult {
  loss: number;
  tasks: Record<string, TaskEvaluation>;
}

/**
 * Takes an evaluation into account and says whether the run should end: after `patience` evaluations that did not better the best one by
 * more than `minDelta`. A loss is better when lower, accuracy and macro-F1 when higher.
 */
export function shouldStop(
  rule: EarlyStopping | null,
  state: StoppingState,
  result: ValidationResult,
): boolean {
  if (rule === null) return false;
  const value = metricOf(rule.metric, result);
  if (value === null) return false;
  if (isBetter(rule.metric, value, state.best, rule.minDelta)) {
    state.best = value;
    state.waited = 0;
    return false;
  }
  state.waited++;
  return state.waited >= rule.patience;
}

/** Whether a value of a metric betters the best one by more than `minDelta`; anything does better than none and than NaN. */
export function isBetter(metric: string, value: number, best: number | null, minDelta = 0): boolean {
  if (best === null || Number.isNaN(best)) return true;
  const gain = metric.endsWith('loss') ? best - value : value - best;
  return gain > minDelta;
}

/** The value of a metric such as `validation/loss` or `validation/topic/macroF1`. */
export function metricOf(metric: string, { loss, tasks }: ValidationResult): number | null {
  if (metric === 'validation/loss') return loss;
  const [, task, kind] = /^validation\/(.+)\/(loss|accuracy|macroF1)$/.exec(metric) ?? [];
  const evaluation = task === undefined ? undefined : tasks[task];
  return evaluation?.[kind as 'loss' | 'accuracy' | 'macroF1'] ?? null;
}
