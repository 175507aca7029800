'use client';

import { useEffect, useState } from 'react';
import { useUrlState } from '@/lib/url-state';
import type { AxisChoice, LineSettings } from './chart-line';

const axes: readonly AxisChoice[] = ['step', 'epoch', 'time'];

/** Settings of a page's charts as its URL holds them. */
export function useChartSettings(): LineSettings {
  const [params] = useUrlState();
  const axis = axes.find((candidate) => candidate === params.get('axis')) ?? 'step';
  const smoothing = Number(params.get('smooth') ?? 0);
  return {
    axis,
    log: params.get('log') === '1',
    smoothing: smoothing > 0 && smoothing < 1 ? Math.min(0.999, smoothing) : 0,
  };
}

/** Smoothing, x axis and logarithmic y axis for all charts of a page. */
export function ChartToolbar() {
  const [, change] = useUrlState();
  const settings = useChartSettings();
  const [smoothing, setSmoothing] = useState(settings.smoothing);
  useEffect(() => {
    if (smoothing === settings.smoothing) return;
    const timer = setTimeout(() => change({ smooth: smoothing === 0 ? null : String(smoothing) }), 50);
    return () => clearTimeout(timer);
  }, [smoothing, settings.smoothing, change]);
  return (
    <div role="group" aria-label="Charts" className="flex flex-wrap items-center gap-x-5 gap-y-2 text-table">
      <label className="flex items-center gap-2">
        <span className="text-muted">Smoothing</span>
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={smoothing}
          onChange={(event) => setSmoothing(Number(event.target.value))}
          className="w-24 accent-accent"
        />
        <output className="w-7">{smoothing.toFixed(2)}</output>
      </label>
      <fieldset className="flex items-center gap-2">
        <legend className="sr-only">Horizontal axis</legend>
        <span aria-hidden className="text-muted">
          Axis
        </span>
        <span className="inline-flex overflow-hidden rounded-md border border-line">
          {axes.map((axis) => (
            <label
              key={axis}
              className="cursor-pointer border-line px-2 py-1 not-first:border-l hover:bg-sunken has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="axis"
                className="sr-only"
                checked={settings.axis === axis}
                onChange={() => change({ axis: axis === 'step' ? null : axis })}
              />
              {axis}
            </label>
          ))}
        </span>
      </fieldset>
      <label className="flex items-center gap-1.5">
        <input
          type="checkbox"
          checked={settings.log}
          onChange={(event) => change({ log: event.target.checked ? '1' : null })}
          className="accent-accent"
        />
        Log scale
      </label>
    </div>
  );
}
