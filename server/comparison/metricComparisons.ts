import { higherIsBetter } from '../metrics/direction.js';
import { type ComparedRun } from './comparedRun.js';

/** The newest value of a metric in each run, and its distance from the baseline's. */
export interface MetricComparison {
  name: string;
  values: (number | null)[];
  deltas: (number | null)[];
  higherIsBetter: boolean | null;
  bestRun: string | null;
}

/** Every metric that any of the runs has, sorted by name. */
export function metricComparisons(runs: readonly ComparedRun[], baseline: ComparedRun): MetricComparison[] {
  const names = [...new Set(runs.flatMap(({ metrics }) => [...metrics.keys()]))].sort();
  return names.map((name) => {
    const values = runs.map(({ metrics }) => metrics.get(name)?.last ?? null);
    const base = baseline.metrics.get(name)?.last ?? null;
    const higher = higherIsBetter(name);
    return {
      name,
      values,
      deltas: values.map((value) => (value === null || base === null ? null : value - base)),
      higherIsBetter: higher,
      bestRun: higher === null ? null : bestOf(runs, values, higher),
    };
  });
}

/** The one best run; null when several share the best value, as then none of them stands out. */
function bestOf(
  runs: readonly ComparedRun[],
  values: readonly (number | null)[],
  higher: boolean,
): string | null {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return null;
  const best = higher ? Math.max(...present) : Math.min(...present);
  const winners = runs.filter((_, index) => values[index] === best);
  return winners.length === 1 ? winners[0]!.run.id : null;
}
