import type uPlot from 'uplot';

/** A window of the x axis, in its unit; null is all of it. */
export type Zoom = { from: number; to: number } | null;

export interface Gestures {
  /** Moves the window while the reader still moves it. */
  show(window: NonNullable<Zoom>): void;
  /** The reader has settled on a window. */
  settle(window: Zoom): void;
  /** Whether the plot shows less than everything. */
  isZoomed(): boolean;
}

/** A turn of the wheel is over when nothing comes for so long. */
const WHEEL_REST = 160;
/** The narrowest selection that is a window and not a click. */
const LEAST_WIDTH = 4;

function windowOf(plot: uPlot): NonNullable<Zoom> {
  const { min, max } = plot.scales.x!;
  return { from: min ?? 0, to: max ?? 1 };
}

/** A window pushed aside by a share of its own width. */
export function panned({ from, to }: NonNullable<Zoom>, share: number): NonNullable<Zoom> {
  const by = (to - from) * share;
  return { from: from + by, to: to + by };
}

/** A window made wider or narrower around a place in it (0 is its left edge, 1 its right). */
export function scaled({ from, to }: NonNullable<Zoom>, factor: number, at = 0.5): NonNullable<Zoom> {
  const center = from + (to - from) * at;
  return { from: center - (center - from) * factor, to: center + (to - center) * factor };
}

/** Drag zooms, Shift and drag pans, a double click shows everything. */
export function mouseGestures(gestures: Gestures): uPlot.Cursor.Bind {
  return {
    mousedown: (plot, _target, handler) => (event) => {
      if (!event.shiftKey || event.button !== 0) return handler(event);
      const start = windowOf(plot);
      const { width } = plot.over.getBoundingClientRect();
      let latest = start;
      const move = (next: PointerEvent) => {
        latest = panned(start, (event.clientX - next.clientX) / width);
        gestures.show(latest);
      };
      const end = () => {
        removeEventListener('pointermove', move);
        removeEventListener('pointerup', end);
        gestures.settle(latest);
      };
      addEventListener('pointermove', move);
      addEventListener('pointerup', end);
      return null;
    },
    dblclick: () => () => {
      gestures.settle(null);
      return null;
    },
  };
}

/** What the reader selected by dragging becomes the window. */
export function zoomToSelection(plot: uPlot, gestures: Gestures): void {
  const { left, width } = plot.select;
  if (width < LEAST_WIDTH) return;
  const window = { from: plot.posToVal(left, 'x'), to: plot.posToVal(left + width, 'x') };
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  gestures.settle(window);
}

/** Turning sideways pans, with Ctrl or Cmd it zooms; turning up and down alone is left to the page. Returns the way to stop. */
export function wheelGestures(plot: uPlot, gestures: Gestures): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = (event: WheelEvent) => {
    const zooms = event.ctrlKey || event.metaKey;
    const pans = Math.abs(event.deltaX) > Math.abs(event.deltaY) && gestures.isZoomed();
    if (!zooms && !pans) return;
    event.preventDefault();
    const { left, width } = plot.over.getBoundingClientRect();
    const next = zooms
      ? scaled(windowOf(plot), 1.0015 ** event.deltaY, (event.clientX - left) / width)
      : panned(windowOf(plot), event.deltaX / width);
    gestures.show(next);
    clearTimeout(timer);
    timer = setTimeout(() => gestures.settle(next), WHEEL_REST);
  };
  plot.over.addEventListener('wheel', turn, { passive: false });
  return () => {
    clearTimeout(timer);
    plot.over.removeEventListener('wheel', turn);
  };
}

/** What a key does on a plot: steps its cursor, pans, zooms or shows everything. Returns whether it does anything. */
export function keyGesture(
  plot: uPlot,
  gestures: Gestures,
  event: { key: string; shiftKey: boolean },
): boolean {
  const window = windowOf(plot);
  const side = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
  if (side !== 0 && event.shiftKey) gestures.settle(panned(window, side / 4));
  else if (side !== 0) stepCursor(plot, side);
  else if (event.key === '+' || event.key === '=') gestures.settle(scaled(window, 0.5));
  else if (event.key === '-') gestures.settle(scaled(window, 2));
  else if (event.key === '0' || (event.key === 'Escape' && gestures.isZoomed())) gestures.settle(null);
  else return false;
  return true;
}

function stepCursor(plot: uPlot, side: number): void {
  const xs = plot.data[0];
  const { from, to } = windowOf(plot);
  const first = xs.findIndex((x) => x >= from);
  const last = xs.findLastIndex((x) => x <= to);
  if (first < 0 || last < first) return;
  const { idx } = plot.cursor;
  const outside = idx === null || idx === undefined || idx < first || idx > last;
  const next = outside ? (side > 0 ? first : last) : Math.min(last, Math.max(first, idx + side));
  plot.setCursor({ left: plot.valToPos(xs[next]!, 'x'), top: plot.over.clientHeight / 2 });
}
