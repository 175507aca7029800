'use client';

import { useCallback, useMemo } from 'react';
import type { LineSettings } from '@/lib/curves';
import { useUrlState } from '@/lib/url-state';
import type { AxisChoice } from './chart-line';
import type { Zoom } from './plot-gestures';

export interface ChartSettings extends LineSettings {
  /** Whether ranges are shaded; null lets each chart decide by the number of its lines. */
  band?: boolean | null;
}

export const axes: readonly AxisChoice[] = ['step', 'epoch', 'time'];

/** Settings of a page's charts as its URL holds them. */
export function useChartSettings(): ChartSettings {
  const [params] = useUrlState();
  const axis = axes.find((candidate) => candidate === params.get('axis')) ?? 'step';
  const smoothing = Number(params.get('smooth') ?? 0);
  const log = params.get('log') === '1';
  const band = params.get('band');
  return useMemo(
    () => ({
      axis,
      log,
      smoothing: smoothing > 0 && smoothing < 1 ? Math.min(0.999, smoothing) : 0,
      band: band === null ? null : band === '1',
    }),
    [axis, log, smoothing, band],
  );
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(7)));
}

/** The part of the x axis that a page's charts show, as its URL holds it: `zoom=120..480`. */
export function useChartZoom(): [Zoom, (zoom: Zoom) => void] {
  const [params, change] = useUrlState();
  const text = params.get('zoom');
  const zoom = useMemo(() => {
    const [from = Number.NaN, to = Number.NaN] = (text ?? '').split('..').map(Number);
    return from < to ? { from, to } : null;
  }, [text]);
  const set = useCallback(
    (next: Zoom) => change({ zoom: next ? `${shortNumber(next.from)}..${shortNumber(next.to)}` : null }),
    [change],
  );
  return [zoom, set];
}
