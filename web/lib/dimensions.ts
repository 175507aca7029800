/** Everything by which compared runs can be put along an axis: what was set, what was measured, what it cost. */

import type { FreezeLike } from '@/lib/regime';
import type { MetricSummaryLike } from '@/lib/metrics';

export type DimensionValue = number | string | null;

export interface Dimension {
  /** How URLs name it: `setting:training.learningRate`, `metric:epoch/loss`, `run:seconds`. */
  key: string;
  label: string;
  kind: 'number' | 'category';
  /** One a run, in their order. */
  values: DimensionValue[];
}

export interface DimensionRun {
  seed: number;
  trainableParameters: number;
  freeze: FreezeLike & { label: string };
  cost: { computeSeconds: number | null };
  metrics: readonly MetricSummaryLike[];
}

/** Numbers stay numbers; anything else is a category by its text. */
function settingDimension(
  path: string,
  values: readonly unknown[],
  text: (value: unknown) => string,
): Dimension {
  const numeric = values.every((value) => value === null || value === undefined || typeof value === 'number');
  return {
    key: `setting:${path}`,
    label: path,
    kind: numeric ? 'number' : 'category',
    values: values.map((value) =>
      value === null || value === undefined ? null : numeric ? (value as number) : text(value),
    ),
  };
}

/**
 * The dimensions of compared runs: facts of the runs, settings that differ, then every metric's last value. NaN and
 * infinities have no place on an axis and count as missing.
 */
export function dimensionsOf(
  runs: readonly DimensionRun[],
  settings: readonly { path: string; values: readonly unknown[] }[],
  text: (value: unknown) => string,
): Dimension[] {
  const fact = (key: string, label: string, value: (run: DimensionRun) => DimensionValue): Dimension => {
    const values = runs.map(value);
    return { key: `run:${key}`, label, values, kind: typeof values[0] === 'string' ? 'category' : 'number' };
  };
  const names = [...new Set(runs.flatMap((run) => run.metrics.map((metric) => metric.name)))].sort();
  const lastOf = (run: DimensionRun, name: string) =>
    run.metrics.find((metric) => metric.name === name)?.last ?? null;
  return [
    fact('freeze', 'freeze configuration', (run) => run.freeze.label),
    fact('trainableShare', 'trainable share', (run) => run.freeze.trainableShare),
    fact('seconds', 'training seconds', (run) => run.cost.computeSeconds),
    fact('seed', 'seed', (run) => run.seed),
    ...settings.map(({ path, values }) => settingDimension(path, values, text)),
    ...names.map((name): Dimension => ({
      key: `metric:${name}`,
      label: name,
      kind: 'number',
      values: runs.map((run) => lastOf(run, name)),
    })),
  ];
}

/** Whether a dimension tells any of the runs from another. */
export function varies({ values }: Dimension): boolean {
  return new Set(values.filter((value) => value !== null)).size > 1;
}
