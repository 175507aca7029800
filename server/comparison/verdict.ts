import { badInput } from '../../experiments/errors.js';
import { higherIsBetter } from '../metrics/direction.js';
import { type SeedGroup } from './seedGroups.js';
import { type Spread } from './spread.js';

/** Which group to keep. */
export interface Verdict {
  /** What the groups were judged by: means of these metrics, and of them the mean. */
  metrics: string[];
  /** How much worse than the best a cheaper group may be. */
  tolerance: number;
  best: SeedGroup | null;
  keep: SeedGroup | null;
  reason: string;
}

/** Accuracy that may be given up for a cheaper group: one percentage point, or the spread over seeds where it is wider. */
const TOLERATED_SHARE = 0.01;
const ACCURACY = /^(?:epoch|validation)\/(.+)\/accuracy$/;
const SHARES = /accuracy|f1|precision|recall/i;

interface Scored {
  group: SeedGroup;
  score: number;
  scatter: number;
}

/**
 * Names the group to keep: the one that takes the fewest seconds among those that are as good as the best, within the tolerance;
 * equal cost is decided by the smaller trainable share. Judged by the mean accuracy over the tasks, or by the metric given.
 */
export function verdictOf(groups: readonly SeedGroup[], metric: string | null): Verdict {
  const metrics = metric === null ? accuracies(groups) : [metric];
  const higher = metric === null ? true : direction(groups, metric);
  const scored = groups.flatMap((group) => scoreOf(group, metrics) ?? []);
  const better = (a: Scored, b: Scored): boolean => (higher ? a.score > b.score : a.score < b.score);
  if (scored.length < 2) {
    const missing = metrics.length === 0 ? 'an accuracy of a task' : list(metrics);
    const reason = `nothing to choose between: ${scored.length} of ${groups.length} groups have ${missing}`;
    return { metrics, tolerance: 0, best: scored[0]?.group ?? null, keep: null, reason };
  }
  const best = scored.reduce((top, one) => (better(one, top) ? one : top));
  const tolerance = Math.max(metrics.every((name) => SHARES.test(name)) ? TOLERATED_SHARE : 0, best.scatter);
  const good = scored.filter(({ score }) => Math.abs(score - best.score) <= tolerance);
  const keep = good.reduce((choice, one) => (isCheaper(one.group, choice.group) ? one : choice));
  return { metrics, tolerance, best: best.group, keep: keep.group, reason: reasonOf(keep, best, tolerance) };
}

/** The accuracies that speak for the tasks: of validation rows, where any group has them. */
function accuracies(groups: readonly SeedGroup[]): string[] {
  const names = new Set(groups.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
  const tasks = new Set([...names].flatMap((name) => ACCURACY.exec(name)?.[1] ?? []));
  return [...tasks].map((task) => {
    const validation = `validation/${task}/accuracy`;
    return names.has(validation) ? validation : `epoch/${task}/accuracy`;
  });
}

function direction(groups: readonly SeedGroup[], metric: string): boolean {
  if (!groups.some(({ metrics }) => metrics.some(({ name }) => name === metric))) {
    throw badInput(`metric: expected a metric of one of the runs, got ${JSON.stringify(metric)}`, {
      path: 'metric',
    });
  }
  const higher = higherIsBetter(metric);
  if (higher !== null) return higher;
  const message = `metric: expected one whose name tells whether more is better, such as loss or accuracy, got ${JSON.stringify(metric)}`;
  throw badInput(message, { path: 'metric' });
}

/** null where a metric is missing, or a seed has diverged. */
function scoreOf(group: SeedGroup, metrics: readonly string[]): Scored | null {
  const spreads = metrics.map((name) => group.metrics.find((metric) => metric.name === name));
  const present = spreads.filter((spread): spread is Spread & { name: string } & SeedGroup['metrics'][0] =>
    Number.isFinite(spread?.mean ?? NaN),
  );
  if (present.length === 0 || present.length < metrics.length) return null;
  return {
    group,
    score: present.reduce((sum, { mean }) => sum + mean!, 0) / present.length,
    scatter: Math.max(...present.map(({ deviation }) => deviation ?? 0)),
  };
}

function isCheaper(one: SeedGroup, other: SeedGroup): boolean {
  const difference = (one.seconds.mean ?? Infinity) - (other.seconds.mean ?? Infinity);
  return difference < 0 || (!(difference > 0) && one.trainableShare < other.trainableShare);
}

function reasonOf(keep: Scored, best: Scored, tolerance: number): string {
  const number = (value: number): string => String(Number(value.toPrecision(4)));
  const score = number(keep.score);
  if (keep === best) {
    return `keep ${keep.group.label}: it is the best (${score}), and nothing cheaper comes within ${number(tolerance)} of it`;
  }
  const [own, other] = [keep.group.seconds.mean, best.group.seconds.mean];
  const time =
    own === null || other === null ? '' : `, and takes ${number(own)} s instead of ${number(other)} s`;
  return `keep ${keep.group.label}: ${score} is within ${number(tolerance)} of the best (${number(best.score)}, ${best.group.label})${time}`;
}

function list(names: readonly string[]): string {
  return names.join(' and ');
}
