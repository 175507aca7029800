'use client';

import { useEffect, useMemo, useRef, useState } from 'react';
import './valid-language';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { highlightRun, useHighlightedRun } from '@/lib/highlight';
import { useTheme } from '@/lib/theme';
import type { ChartLine } from './chart-line';
import { ChartTooltip, type TooltipState } from './ChartTooltip';
import { plotData, plotOptions, type PlotSeries, type PlotSettings } from './plot-options';

const NEAR = 24;

/** The value of a line nearest to an index, since lines of several runs rarely share their steps. */
function nearest(values: ArrayLike<number | null | undefined>, index: number): number | null {
  for (let distance = 0; distance < values.length; distance += 1) {
    if (index - distance < 0 && index + distance >= values.length) return null;
    const before = values[index - distance];
    if (before !== null && before !== undefined) return index - distance;
    const after = values[index + distance];
    if (after !== null && after !== undefined) return index + distance;
  }
  return null;
}

function readCursor(
  plot: uPlot,
  meaning: readonly PlotSeries[],
  lines: readonly ChartLine[],
): TooltipState | null {
  const { left = -1, top = -1, idx } = plot.cursor;
  if (idx === null || idx === undefined || left < 0) return null;
  const rows = meaning.flatMap((part, offset) => {
    const line = lines[part.line];
    if (part.part !== 'main' || !line) return [];
    const values = plot.data[offset + 1]!;
    const at = nearest(values, idx);
    if (at === null) return [];
    const x = plot.data[0][at]!;
    const value = values[at]!;
    const own = line.xs.indexOf(x);
    const distance = Math.abs(plot.valToPos(value, 'y') - top);
    return [{ line, x, value, raw: line.raw[own] ?? null, distance }];
  });
  rows.sort((a, b) => a.distance - b.distance);
  return { left: left + plot.bbox.left / uPlot.pxRatio, width: plot.width, x: plot.data[0][idx]!, rows };
}

/** A uPlot canvas that follows its box, the theme, live data and the run that is pointed at anywhere on the page. */
export function Plot({
  lines,
  settings,
  height,
}: {
  lines: readonly ChartLine[];
  settings: PlotSettings;
  height: number;
}) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const zoomed = useRef(false);
  const hovered = useRef(false);
  const [tooltip, setTooltip] = useState<TooltipState | null>(null);
  const theme = useTheme();
  const highlighted = useHighlightedRun();

  const latest = useRef({ lines, meaning: [] as PlotSeries[] });
  // A change of what is drawn builds the plot anew; a change of the numbers alone only feeds it.
  const shape = JSON.stringify([
    theme,
    height,
    settings.axis,
    settings.log,
    settings.share,
    settings.smoothing > 0,
    settings.syncKey,
    lines.map((line) => [
      line.key,
      line.slot,
      line.dashed,
      line.bold,
      line.xs.length < 60,
      line.lows.length > 0,
    ]),
  ]);
  const inputs = useRef({ lines, settings });
  useEffect(() => {
    inputs.current = { lines, settings };
  });

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    zoomed.current = false;
    const parts = plotData(inputs.current.lines, inputs.current.settings);
    latest.current = { lines: inputs.current.lines, meaning: parts.meaning };
    const hooks: uPlot.Hooks.Arrays = {
      setCursor: [
        (self) => {
          if (!hovered.current) return;
          const state = readCursor(self, latest.current.meaning, latest.current.lines);
          setTooltip(state);
          const closest = state?.rows[0];
          highlightRun(closest && closest.distance < NEAR ? closest.line.runId : null);
        },
      ],
      setSelect: [(self) => void (zoomed.current = self.select.width > 0)],
    };
    const options = plotOptions(
      { width: element.clientWidth, height },
      parts,
      inputs.current.settings,
      hooks,
    );
    const created = new uPlot(options, parts.data, element);
    plot.current = created;
    const reset = () => void (zoomed.current = false);
    created.over.addEventListener('dblclick', reset);
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) created.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      created.destroy();
      plot.current = null;
    };
  }, [shape, height]);

  const data = useMemo(() => ({ lines, smoothing: settings.smoothing }), [lines, settings.smoothing]);
  useEffect(() => {
    const current = plot.current;
    if (!current) return;
    const parts = plotData(data.lines, inputs.current.settings);
    if (parts.data.length !== current.data.length) return;
    latest.current = { lines: data.lines, meaning: parts.meaning };
    current.setData(parts.data, !zoomed.current);
    if (zoomed.current) current.redraw();
  }, [data]);

  useEffect(() => {
    const current = plot.current;
    if (!current) return;
    const { meaning, lines: drawn } = latest.current;
    const known = highlighted !== null && drawn.some((line) => line.runId === highlighted);
    meaning.forEach((part, offset) => {
      const series = current.series[offset + 1];
      const faded = known && drawn[part.line]?.runId !== highlighted;
      if (series) series.alpha = part.alpha * (faded ? 0.25 : 1);
    });
    current.redraw(false);
  }, [highlighted, shape]);

  return (
    <div
      className="relative"
      onPointerEnter={() => void (hovered.current = true)}
      onPointerLeave={() => {
        hovered.current = false;
        setTooltip(null);
        highlightRun(null);
      }}
    >
      <div ref={box} style={{ height }} />
      {tooltip && tooltip.rows.length > 0 && <ChartTooltip state={tooltip} settings={settings} />}
    </div>
  );
}
