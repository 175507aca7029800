/** Runs of one freeze configuration as one curve: their mean, and how far they scatter. */

import type { ChartLine } from '@/lib/curves';
import { firstAbove, type Value } from '@/lib/series';

/** With fewer seeds a deviation says nothing: the runs themselves are drawn behind their mean. */
export const LEAST_FOR_SPREAD = 3;
/** Places a mean is taken at, where the runs' own are more. */
const MOST_PLACES = 1000;

export interface LineGroup {
  key: string;
  label: string;
  slot: number;
  bold: boolean;
}

/** The value of a line at a place, on the straight line between its points; null outside them and in gaps. */
function valueAt(xs: readonly number[], ys: readonly Value[], x: number): Value {
  const after = firstAbove(xs, x);
  const before = after - 1;
  if (before < 0) return null;
  const low = ys[before] ?? null;
  if (xs[before] === x || low === null) return low;
  const high = ys[after] ?? null;
  if (after >= xs.length || high === null) return null;
  const share = (x - xs[before]!) / (xs[after]! - xs[before]!);
  return low + share * (high - low);
}

function placesOf(lines: readonly ChartLine[]): number[] {
  const places = [...new Set(lines.flatMap((line) => line.xs))].sort((a, b) => a - b);
  if (places.length <= 2 * MOST_PLACES) return places;
  const first = places[0]!;
  const width = (places.at(-1)! - first) / MOST_PLACES;
  return Array.from({ length: MOST_PLACES + 1 }, (_, index) => first + index * width);
}

function average(lines: readonly ChartLine[], group: LineGroup): ChartLine {
  const xs = placesOf(lines);
  const first = lines[0]!;
  const line: ChartLine = {
    ...first,
    key: `${group.key} ${first.detail ?? ''}`,
    runId: group.key,
    memberIds: lines.flatMap(({ memberIds }) => memberIds),
    label: group.label,
    slot: group.slot,
    bold: group.bold,
    xs,
    ys: [],
    raw: [],
    lows: [],
    highs: [],
    sizes: [],
    gaps: [...new Set(lines.flatMap(({ gaps }) => gaps))].sort((a, b) => a - b),
    logged: lines.reduce((sum, { logged }) => sum + logged, 0),
    hidden: lines.reduce((sum, { hidden }) => sum + hidden, 0),
  };
  for (const x of xs) {
    const values = lines.map(({ xs: own, ys }) => valueAt(own, ys, x)).filter((value) => value !== null);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const deviation = values.length < LEAST_FOR_SPREAD ? null : Math.sqrt(squares / (values.length - 1));
    line.ys.push(values.length === 0 ? null : mean);
    line.lows.push(deviation === null ? null : mean - deviation);
    line.highs.push(deviation === null ? null : mean + deviation);
    line.sizes!.push(values.length);
  }
  return { ...line, raw: line.ys };
}

/**
 * Gathers lines into one for each group and kind of rows, the mean with a band of one standard deviation; a group of few
 * runs is followed by the runs themselves. Every run of a group counts, whether it is shown by itself or not.
 */
export function groupLines(
  lines: readonly ChartLine[],
  groupOf: (line: ChartLine) => LineGroup,
): ChartLine[] {
  const gathered = new Map<string, { group: LineGroup; lines: ChartLine[] }>();
  for (const line of lines) {
    const group = groupOf(line);
    const key = `${group.key} ${line.detail ?? ''}`;
    const entry = gathered.get(key);
    if (entry) entry.lines.push(line);
    else gathered.set(key, { group, lines: [line] });
  }
  return [...gathered.values()].flatMap(({ group, lines: members }) => {
    const mean = average(members, group);
    if (members.length >= LEAST_FOR_SPREAD || members.length === 1) return [mean];
    const faint = members.map((line) => ({ ...line, slot: group.slot, bold: false, faint: true }));
    return [mean, ...faint.map((line) => ({ ...line, lows: [], highs: [], gaps: [] }))];
  });
}
