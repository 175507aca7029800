import { metricFormat } from '@/components/charts/chart-line';
import type { Dimension, DimensionValue } from '@/lib/dimensions';
import { formatNumber, formatPercent, formatSeconds } from '@/lib/format';
import { isDuration, isShare } from '@/lib/metrics';

/** How the numbers of a dimension are written. */
export function dimensionFormat({ key }: Pick<Dimension, 'key'>): (value: number | null) => string {
  if (key === 'run:trainableShare') return formatPercent;
  if (key === 'run:seconds') return formatSeconds;
  return key.startsWith('metric:') ? metricFormat(key.slice('metric:'.length)) : formatNumber;
}

/** A value of a dimension in words. */
export function dimensionText(dimension: Dimension, value: DimensionValue): string {
  return typeof value === 'string' ? value : dimensionFormat(dimension)(value);
}

/** A tick on a dimension's axis: shorter than the value itself. */
export function dimensionTick({ key }: Pick<Dimension, 'key'>, value: number): string {
  const name = key.startsWith('metric:') ? key.slice('metric:'.length) : '';
  if (key === 'run:trainableShare' || (name && isShare(name)))
    return `${Number((value * 100).toPrecision(3))} %`;
  if (key === 'run:seconds' || (name && isDuration(name))) return value === 0 ? '0 s' : formatSeconds(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return formatNumber(value);
  return String(Number(value.toPrecision(4))).replace('-', '−');
}
