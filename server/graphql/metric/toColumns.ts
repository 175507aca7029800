import { type Bucket } from '../../metrics/downsample.js';
import { type MetricColumns } from './metricType.js';

/** Turns buckets into columns. */
export function toColumns(buckets: readonly Omit<Bucket, 'lastSpecial'>[]): MetricColumns {
  return {
    steps: buckets.map(({ step }) => step),
    times: buckets.map(({ time }) => time),
    last: buckets.map(({ last }) => last),
    min: buckets.map(({ min }) => min),
    max: buckets.map(({ max }) => max),
    mean: buckets.map(({ mean }) => mean),
    counts: buckets.map(({ count }) => count),
    nonFinite: buckets.map(({ nonFinite }) => nonFinite),
  };
}
