'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import './valid-language';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { highlightRun, useHighlightedRun } from '@/lib/highlight';
import { useTheme } from '@/lib/theme';
import type { ChartLine } from './chart-line';
import { ChartTooltip, cursorText } from './ChartTooltip';
import { hasMarkers, hasSpread, plotData, type PlotSettings } from './plot-data';
import {
  keyGesture,
  mouseGestures,
  wheelGestures,
  zoomToSelection,
  type Gestures,
  type Zoom,
} from './plot-gestures';
import { drawGaps } from './plot-markers';
import { plotOptions } from './plot-options';
import { drawHighlight } from './plot-overlay';
import { readCursor, type CursorState } from './read-cursor';

/** How near the pointer must be to a line to bring it out. */
const NEAR = 24;

export interface PlotProps {
  lines: readonly ChartLine[];
  settings: PlotSettings;
  metric: string;
  height: number;
  zoom: Zoom;
  onZoom: (zoom: Zoom) => void;
  /** The chart in a sentence. */
  summary: string;
}

/** Hairlines are drawn many times faster: a plot that is being dragged keeps up with the pointer. */
function thin(plot: uPlot, on: boolean, widths: readonly number[]): void {
  plot.series.forEach((series, index) => {
    if (index > 0) series.width = on ? Math.min(1, widths[index]!) : widths[index];
  });
}

/** A uPlot canvas that follows its box, the theme, live data and the run that is pointed at anywhere on the page. */
export function Plot({ lines, settings, metric, height, zoom, onZoom, summary }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const overlay = useRef<HTMLCanvasElement | null>(null);
  const active = useRef(false);
  const widths = useRef<number[]>([]);
  const shownX = useRef<uPlot.Range.MinMax | null>(null);
  const heldY = useRef<uPlot.Range.MinMax | null>(null);
  const [cursor, setCursor] = useState<CursorState | null>(null);
  const [spoken, setSpoken] = useState('');
  const theme = useTheme();
  const highlighted = useHighlightedRun();

  // A change of what is drawn builds the plot anew; a change of the numbers alone only feeds it.
  const shape = JSON.stringify([
    theme,
    height,
    settings.axis,
    settings.log,
    settings.share,
    settings.band,
    settings.smoothing > 0,
    settings.syncKey,
    lines.map((line) => [line.key, line.slot, line.dashed, line.bold, hasMarkers(line), hasSpread(line)]),
  ]);
  const latest = useRef({ lines, settings, zoom, onZoom, highlighted });
  const fed = useRef<{ lines: typeof lines; settings: PlotSettings; from: number | null; to: number | null }>(
    null,
  );
  useEffect(() => {
    latest.current = { lines, settings, zoom, onZoom, highlighted };
  });

  const emphasize = useCallback(() => {
    if (!plot.current || !overlay.current) return;
    const { lines: all, highlighted: id } = latest.current;
    const chosen = id === null ? [] : all.filter((line) => line.runId === id || line.memberIds.includes(id));
    drawHighlight(overlay.current, plot.current, chosen);
  }, []);
  const showWindow = useCallback((current: uPlot, window: Zoom) => {
    shownX.current = window ? [window.from, window.to] : null;
    if (window) current.setScale('x', { min: window.from, max: window.to });
    else current.setData(current.data, true);
  }, []);

  const gestures = useMemo<Gestures>(
    () => ({
      show: (window) => {
        const current = plot.current;
        if (!current) return;
        const { min, max } = current.scales.y ?? {};
        if (typeof min === 'number' && typeof max === 'number') heldY.current ??= [min, max];
        thin(current, true, widths.current);
        showWindow(current, window);
      },
      settle: (window) => {
        heldY.current = null;
        if (plot.current) {
          thin(plot.current, false, widths.current);
          showWindow(plot.current, window);
        }
        latest.current.onZoom(window);
      },
      isZoomed: () => latest.current.zoom !== null,
    }),
    [showWindow],
  );

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const { lines: drawn, settings: chosen, zoom: window } = latest.current;
    shownX.current = window ? [window.from, window.to] : null;
    const parts = plotData(drawn, chosen);
    const options = plotOptions({ width: element.clientWidth, height }, parts, chosen, {
      bind: mouseGestures(gestures),
      heldY: () => heldY.current,
      shownX: () => shownX.current,
      hooks: {
        draw: [
          (self) => drawGaps(self, latest.current.lines),
          () => emphasize(),
          // For whoever waits for the picture: how many lines it has.
          () => void (element.dataset.drawn = String(latest.current.lines.length)),
        ],
        setSelect: [(self) => zoomToSelection(self, gestures)],
        setCursor: [
          (self) => {
            if (!active.current) return;
            const state = readCursor(self, latest.current.lines);
            setCursor(state);
            const closest = state?.rows[0];
            highlightRun(closest && closest.distance < NEAR ? closest.line.runId : null);
          },
        ],
      },
    });
    const created = new uPlot(options, parts.data, element);
    const canvas = document.createElement('canvas');
    canvas.className = 'pointer-events-none absolute inset-0 size-full';
    created.over.before(canvas);
    plot.current = created;
    widths.current = created.series.map((series) => series.width ?? 0);
    overlay.current = canvas;
    if (window) showWindow(created, window);
    const { from: start = null, to: end = null } = window ?? {};
    fed.current = { lines: drawn, settings: chosen, from: start, to: end };
    const stopWheel = wheelGestures(created, gestures);
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) created.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      stopWheel();
      observer.disconnect();
      created.destroy();
      plot.current = null;
    };
  }, [shape, height, gestures, showWindow, emphasize]);

  const from = zoom?.from ?? null;
  const to = zoom?.to ?? null;
  useEffect(() => {
    const current = plot.current;
    const before = fed.current;
    if (!current || !before) return;
    fed.current = { lines, settings, from, to };
    const window = from === null || to === null ? null : { from, to };
    if (before.lines !== lines || before.settings !== settings) {
      shownX.current = window ? [window.from, window.to] : null;
      current.setData(plotData(lines, settings).data, window === null);
      if (window) showWindow(current, window);
    } else if (before.from !== from || before.to !== to) showWindow(current, window);
  }, [lines, settings, from, to, showWindow]);

  useEffect(() => {
    emphasize();
  }, [highlighted, shape, emphasize]);

  const leave = () => {
    active.current = false;
    setCursor(null);
    highlightRun(null);
  };
  return (
    <div
      role="group"
      aria-roledescription="chart"
      aria-label={`${summary} Arrow keys read values, plus and minus zoom.`}
      tabIndex={0}
      className="relative rounded-md"
      onPointerEnter={() => void (active.current = true)}
      onPointerLeave={leave}
      onBlur={leave}
      onKeyDown={(event) => {
        if (!plot.current || event.ctrlKey || event.metaKey || event.altKey) return;
        active.current = true;
        if (!keyGesture(plot.current, gestures, event)) return;
        event.preventDefault();
        event.stopPropagation();
        const state = readCursor(plot.current, latest.current.lines);
        if (state) setSpoken(cursorText(state, settings));
      }}
    >
      <div ref={box} style={{ height }} />
      {cursor && cursor.rows.length > 0 && (
        <ChartTooltip state={cursor} settings={settings} metric={metric} />
      )}
      <p aria-live="polite" className="sr-only">
        {spoken}
      </p>
    </div>
  );
}
