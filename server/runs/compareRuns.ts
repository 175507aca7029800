import { isDeepStrictEqual } from 'node:util';
import { type Run } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { higherIsBetter } from '../metrics/direction.js';
import { type MetricSummary, readSummaries } from '../metrics/summaries.js';

/** A setting that is not the same in every run; `undefined` where a run has no such setting. */
export interface SettingDifference {
  path: string;
  values: unknown[];
}

/** The newest value of a metric in each run, and its distance from the first run's. */
export interface MetricComparison {
  name: string;
  values: (number | null)[];
  deltas: (number | null)[];
  higherIsBetter: boolean | null;
  bestRun: string | null;
}

/** Puts runs side by side; everything is in the order of `runs`, and deltas are against the first. */
export async function compareRuns(
  { pool }: Database,
  runs: Run[],
): Promise<{ settings: SettingDifference[]; metrics: MetricComparison[] }> {
  const ids = runs.map(({ id }) => id);
  const summaries = await readSummaries(pool, ids);
  return {
    settings: settingDifferences(runs.map(({ definition }) => definition)),
    metrics: metricComparisons(
      ids,
      ids.map((id) => summaries.get(id)!),
    ),
  };
}

/** Settings by path that differ between definitions. The name is not a setting; arrays of plain values are compared whole. */
export function settingDifferences(definitions: unknown[]): SettingDifference[] {
  const flattened = definitions.map((definition) => {
    const settings = new Map<string, unknown>();
    flatten(definition, '', settings);
    settings.delete('name');
    return settings;
  });
  const paths = [...new Set(flattened.flatMap((settings) => [...settings.keys()]))];
  return paths
    .map((path) => ({ path, values: flattened.map((settings) => settings.get(path)) }))
    .filter(({ values }) => values.some((value) => !isDeepStrictEqual(value, values[0])));
}

function flatten(value: unknown, path: string, into: Map<string, unknown>): void {
  const isPlainList =
    Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null);
  if (typeof value !== 'object' || value === null || isPlainList) {
    into.set(path, value);
    return;
  }
  for (const [key, item] of Object.entries(value)) flatten(item, path === '' ? key : `${path}.${key}`, into);
}

function metricComparisons(ids: string[], summaries: MetricSummary[][]): MetricComparison[] {
  const names = [...new Set(summaries.flat().map(({ name }) => name))].sort();
  return names.map((name) => {
    const values = summaries.map((run) => run.find((summary) => summary.name === name)?.last ?? null);
    const base = values[0] ?? null;
    const higher = higherIsBetter(name);
    return {
      name,
      values,
      deltas: values.map((value) => (value === null || base === null ? null : value - base)),
      higherIsBetter: higher,
      bestRun: higher === null ? null : bestOf(ids, values, higher),
    };
  });
}

/** The one best run; null when several share the best value, as then none of them stands out. */
function bestOf(ids: string[], values: (number | null)[], higher: boolean): string | null {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return null;
  const best = higher ? Math.max(...present) : Math.min(...present);
  const winners = ids.filter((_, index) => values[index] === best);
  return winners.length === 1 ? winners[0]! : null;
}
