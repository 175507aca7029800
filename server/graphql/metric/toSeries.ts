import { badInput } from '../../../experiments/errors.js';
import { type Axis, downsample } from '../../metrics/downsample.js';
import { type History } from '../../metrics/readHistory.js';
import { type MetricSeries } from './metricType.js';

/** A history as clients get it. */
export function toSeries(
  { runId, name, attempt, points }: History,
  maxPoints: number,
  axis: Axis,
): MetricSeries {
  const buckets = downsample(points, maxPoints, axis);
  return {
    runId,
    name,
    attempt,
    count: points.steps.length,
    nonFinite: buckets.reduce((sum, bucket) => sum + bucket.nonFinite, 0),
    buckets,
  };
}

/** Checks how many buckets are asked for. */
export function checkMaxPoints(maxPoints: number | null | undefined): number {
  const value = maxPoints ?? 1000;
  if (value < 1 || value > 10_000) {
    throw badInput(`maxPoints: expected a number from 1 to 10000, got ${value}`, { path: 'maxPoints' });
  }
  return value;
}
