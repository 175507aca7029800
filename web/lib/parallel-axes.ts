/** Axes of parallel coordinates as the URL holds them, and the runs that pass what was brushed on them. */

import type { Dimension } from '@/lib/dimensions';

export interface ParallelAxis {
  key: string;
  log: boolean;
  flip: boolean;
  /** What was brushed: an interval of a number, or of the places of categories; null is everything. */
  brush: readonly [number, number] | null;
}

const escaped = (key: string) => key.replace(/[%,;]/g, encodeURIComponent);

/** `metric:epoch/loss;log;0.1..0.5,run:seconds;flip` */
export function printAxes(axes: readonly ParallelAxis[]): string {
  return axes
    .map(({ key, log, flip, brush }) =>
      [escaped(key), log && 'log', flip && 'flip', brush && `${brush[0]}..${brush[1]}`]
        .filter(Boolean)
        .join(';'),
    )
    .join(',');
}

/** Reads what {@link printAxes} wrote; what it does not understand it leaves out. */
export function parseAxes(text: string): ParallelAxis[] {
  return text
    .split(',')
    .filter(Boolean)
    .map((entry) => {
      const [key = '', ...marks] = entry.split(';');
      const range = marks
        .find((mark) => mark.includes('..'))
        ?.split('..')
        .map(Number);
      const [from = Number.NaN, to = Number.NaN] = range ?? [];
      return {
        key: decode(key),
        log: marks.includes('log'),
        flip: marks.includes('flip'),
        brush: from <= to ? ([from, to] as const) : null,
      };
    });
}

function decode(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** Where a value lies on its axis: itself, or the place of its category; null where it has none. */
export function placeOf(dimension: Dimension, index: number, log = false): number | null {
  const value = dimension.values[index] ?? null;
  if (value === null) return null;
  if (typeof value === 'string') return categoriesOf(dimension).indexOf(value);
  return Number.isFinite(value) && (!log || value > 0) ? value : null;
}

/** The categories of a dimension in order of appearance. */
export function categoriesOf({ values }: Dimension): string[] {
  return [...new Set(values.filter((value): value is string => typeof value === 'string'))];
}

/** Whether a run lies within everything that was brushed. */
export function passes(
  axes: readonly { dimension: Dimension; axis: ParallelAxis }[],
  index: number,
): boolean {
  return axes.every(({ dimension, axis }) => {
    if (axis.brush === null) return true;
    const place = placeOf(dimension, index, axis.log);
    return place !== null && place >= axis.brush[0] && place <= axis.brush[1];
  });
}

/** The axes to begin with: how the runs freeze, what that costs, settings that tell runs apart, then what came of it. */
export function usualAxes(dimensions: readonly Dimension[], outcomes: readonly string[]): ParallelAxis[] {
  const known = new Map(dimensions.map((dimension) => [dimension.key, dimension]));
  const settings = dimensions
    .filter(
      ({ key, values }) => key.startsWith('setting:') && !/^setting:freeze\b/.test(key) && values.length > 0,
    )
    .slice(0, 3)
    .map(({ key }) => key);
  const keys = ['run:freeze', 'run:trainableShare', ...settings, 'run:seconds', ...outcomes];
  return keys.filter((key) => known.has(key)).map((key) => ({ key, log: false, flip: false, brush: null }));
}
