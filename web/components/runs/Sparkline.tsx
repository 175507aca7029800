'use client';

import { memo, useEffect, useSyncExternalStore } from 'react';
import { slotColor } from '@/lib/colors';
import { formatNumber } from '@/lib/format';
import type { CurveStore, SmallCurve } from '@/lib/runs/curve-store';

const WIDTH = 88;
const HEIGHT = 24;
const PAD = 2;

/** A path over the points; values that are no numbers leave a gap. */
export function sparkPath(points: SmallCurve, width = WIDTH, height = HEIGHT, pad = PAD): string {
  const finite = points.flatMap(({ last }) => (last === null ? [] : [last]));
  if (finite.length === 0) return '';
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const first = points[0]!.step;
  const span = points.at(-1)!.step - first || 1;
  const x = (step: number) => pad + ((step - first) / span) * (width - 2 * pad);
  const y = (value: number) =>
    high === low ? height / 2 : height - pad - ((value - low) / (high - low)) * (height - 2 * pad);
  let path = '';
  let pen = 'M';
  for (const { step, last } of points) {
    if (last === null) {
      pen = 'M';
      continue;
    }
    path += `${pen}${x(step).toFixed(1)} ${y(last).toFixed(1)}`;
    pen = 'L';
  }
  // A single point is drawn as a dot by the round end of a line to itself.
  return path.includes('L') ? path : `${path}h0.1`;
}

/** A run's curve in a cell, with its ends in words. */
export const Sparkline = memo(function Sparkline({
  store,
  id,
  stamp,
  slot,
  name,
}: {
  store: CurveStore;
  id: string;
  /** Changes when there is more to see. */
  stamp: string;
  slot: number;
  name: string;
}) {
  const points = useSyncExternalStore(
    (listener) => store.watch(id, listener),
    () => store.get(id),
    () => undefined,
  );
  useEffect(() => store.want(id, stamp), [store, id, stamp]);
  if (points === undefined) return <span className="block h-6" />;
  if (points.length === 0) return <span className="text-muted">—</span>;
  const first = points.find(({ last }) => last !== null)?.last ?? null;
  const last = points.at(-1)!.last;
  const broken = points.some(({ nonFinite }) => nonFinite > 0);
  const label = `${name}: from ${formatNumber(first)} to ${formatNumber(last ?? Number.NaN)}${broken ? ', with values that are no numbers' : ''}`;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      className="block max-w-full"
    >
      <title>{label}</title>
      <path
        d={sparkPath(points)}
        fill="none"
        stroke={slotColor(slot)}
        strokeWidth={1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
        strokeDasharray={broken ? '3 2' : undefined}
      />
    </svg>
  );
});
