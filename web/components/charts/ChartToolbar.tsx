'use client';

import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { useUrlState } from '@/lib/url-state';
import { axes, useChartSettings, useChartZoom } from './chart-settings';

export { useChartSettings } from './chart-settings';

function Smoothing() {
  const [, change] = useUrlState();
  const settings = useChartSettings();
  const [smoothing, setSmoothing] = useState(settings.smoothing);
  useEffect(() => {
    if (smoothing === settings.smoothing) return;
    const timer = setTimeout(() => change({ smooth: smoothing === 0 ? null : String(smoothing) }), 50);
    return () => clearTimeout(timer);
  }, [smoothing, settings.smoothing, change]);
  return (
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
  );
}

/** Smoothing, x axis, logarithmic y axis, shading and the window zoomed into, for all charts of a page. */
export function ChartToolbar({ grouping = false }: { grouping?: boolean }) {
  const [params, change] = useUrlState();
  const settings = useChartSettings();
  const [zoom, setZoom] = useChartZoom();
  return (
    <div role="group" aria-label="Charts" className="flex flex-wrap items-center gap-x-5 gap-y-2 text-table">
      {zoom && (
        <Button small onClick={() => setZoom(null)}>
          Reset zoom
        </Button>
      )}
      {grouping && (
        <label className="flex items-center gap-1.5">
          <input
            type="checkbox"
            checked={params.get('group') === '1'}
            onChange={(event) => change({ group: event.target.checked ? '1' : null })}
            className="accent-accent"
          />
          Group by freeze configuration
        </label>
      )}
      <Smoothing />
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
                onChange={() => change({ axis: axis === 'step' ? null : axis, zoom: null })}
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
      <label
        className="flex items-center gap-1.5"
        title="The range of the values that a point of a curve stands for"
      >
        <input
          type="checkbox"
          checked={settings.band ?? false}
          ref={(input) => {
            if (input) input.indeterminate = settings.band === null;
          }}
          onChange={() =>
            change({ band: settings.band === null ? '1' : settings.band === true ? '0' : null })
          }
          className="accent-accent"
        />
        Min–max band
      </label>
    </div>
  );
}
