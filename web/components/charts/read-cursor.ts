import uPlot from 'uplot';
import { firstAbove } from '@/lib/series';
import type { ChartLine } from './chart-line';

/** A line at the cursor. */
export interface CursorRow {
  line: ChartLine;
  x: number;
  value: number;
  raw: number | null;
  /** To the baseline's value there; null for the baseline itself and where there is none. */
  delta: number | null;
  /** Of a group: how many runs the value is the mean of. */
  size: number | null;
  /** From the pointer, in pixels. */
  distance: number;
}

export interface CursorState {
  left: number;
  width: number;
  x: number;
  /** Nearest to the pointer first. */
  rows: CursorRow[];
}

/** The point of a line nearest to a place, since lines of several runs rarely share their steps. */
function nearest(line: ChartLine, x: number): number | null {
  const after = firstAbove(line.xs, x);
  for (let distance = 0; distance < line.xs.length; distance += 1) {
    const right = after + distance;
    const left = after - 1 - distance;
    const leftValue = left >= 0 ? (line.ys[left] ?? null) : null;
    const rightValue = right < line.xs.length ? (line.ys[right] ?? null) : null;
    if (leftValue !== null && rightValue !== null)
      return x - line.xs[left]! <= line.xs[right]! - x ? left : right;
    if (leftValue !== null) return left;
    if (rightValue !== null) return right;
    if (left < 0 && right >= line.xs.length) return null;
  }
  return null;
}

/** What stands under a plot's cursor; null where the cursor is not on it. */
export function readCursor(plot: uPlot, lines: readonly ChartLine[]): CursorState | null {
  const { left = -1, top = -1, idx } = plot.cursor;
  if (idx === null || idx === undefined || left < 0) return null;
  const x = plot.data[0][idx]!;
  const found = lines.flatMap((line) => {
    if (line.faint) return [];
    const at = nearest(line, x);
    return at === null ? [] : [{ line, at, value: line.ys[at]! }];
  });
  const baselines = new Map(
    found.filter(({ line }) => line.bold).map(({ line, value }) => [line.detail, value]),
  );
  const rows = found.map(({ line, at, value }): CursorRow => {
    const base = line.bold ? undefined : baselines.get(line.detail);
    return {
      line,
      x: line.xs[at]!,
      value,
      raw: line.raw[at] ?? null,
      delta: base === undefined ? null : value - base,
      size: line.sizes?.[at] ?? null,
      distance: Math.abs(plot.valToPos(value, 'y') - top),
    };
  });
  rows.sort((a, b) => a.distance - b.distance);
  return { left: left + plot.bbox.left / uPlot.pxRatio, width: plot.width, x, rows };
}
