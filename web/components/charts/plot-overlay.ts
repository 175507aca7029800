import './valid-language';
import uPlot from 'uplot';
import { firstAbove } from '@/lib/series';
import type { ChartLine } from './chart-line';
import { cssColor, hueOf, translucent } from './plot-colors';

const VEIL = 0.72;

function stroke(ctx: CanvasRenderingContext2D, plot: uPlot, line: ChartLine): void {
  const { min = 0, max = 0 } = plot.scales.x!;
  const from = Math.max(0, firstAbove(line.xs, min ?? 0) - 1);
  const to = Math.min(line.xs.length, firstAbove(line.xs, max ?? 0) + 1);
  ctx.beginPath();
  let open = false;
  for (let index = from; index < to; index += 1) {
    const y = line.ys[index] ?? null;
    if (y === null) {
      open = false;
      continue;
    }
    const place = [plot.valToPos(line.xs[index]!, 'x', true), plot.valToPos(y, 'y', true)] as const;
    if (open) ctx.lineTo(...place);
    else ctx.moveTo(...place);
    open = true;
  }
  ctx.strokeStyle = hueOf(line.slot);
  ctx.lineWidth = (line.faint ? 1 : 2.5) * uPlot.pxRatio;
  ctx.setLineDash(line.dashed ? [6 * uPlot.pxRatio, 4 * uPlot.pxRatio] : []);
  ctx.stroke();
}

/**
 * Brings out one run above all others on a canvas of its own: the plot below, which may hold a hundred thousand points, is not
 * drawn again as the pointer moves from line to line.
 */
export function drawHighlight(overlay: HTMLCanvasElement, plot: uPlot, lines: readonly ChartLine[]): void {
  const canvas = plot.ctx.canvas;
  if (overlay.width !== canvas.width || overlay.height !== canvas.height) {
    overlay.width = canvas.width;
    overlay.height = canvas.height;
  }
  const ctx = overlay.getContext('2d')!;
  ctx.clearRect(0, 0, overlay.width, overlay.height);
  if (lines.length === 0) return;
  const { left, top, width, height } = plot.bbox;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.fillStyle = translucent(cssColor('--surface'), VEIL);
  ctx.fillRect(left, top, width, height);
  for (const line of lines) stroke(ctx, plot, line);
  ctx.restore();
}
