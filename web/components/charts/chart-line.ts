import type { AxisChoice, ChartLine } from '@/lib/curves';
import { formatNumber, formatPercent, formatSeconds } from '@/lib/format';
import { isDuration, isShare } from '@/lib/metrics';

export type { AxisChoice, ChartLine, LineSettings, LineSource } from '@/lib/curves';

/** How values of a metric are written. */
export function metricFormat(name: string): (value: number | null) => string {
  if (isShare(name)) return formatPercent;
  if (isDuration(name)) return formatSeconds;
  return formatNumber;
}

/** How a place on the x axis is written. */
export function axisText(value: number, axis: AxisChoice): string {
  if (axis === 'time') return formatSeconds(value);
  return axis === 'epoch' ? `epoch ${formatNumber(value)}` : `step ${formatNumber(value)}`;
}

/** A line's name with the rows it was measured on. */
export function lineName(line: Pick<ChartLine, 'label' | 'detail'>): string {
  return line.detail === null ? line.label : `${line.label} (${line.detail})`;
}

/** What a chart shows, in a sentence for those who do not see it. */
export function describeChart(
  title: string,
  lines: readonly ChartLine[],
  format: (value: number | null) => string,
): string {
  const told = lines.filter((line) => !line.faint);
  if (told.length === 0) return `${title}: no points yet.`;
  const ends = told.slice(0, 8).map((line) => {
    const last = line.raw.findLast((value) => value !== null) ?? null;
    return `${lineName(line)} ends at ${format(last)}`;
  });
  const more = told.length > 8 ? `, and ${told.length - 8} more` : '';
  return `${title}: ${ends.join(', ')}${more}.`;
}
