import './valid-language';
import uPlot from 'uplot';
import { slotShape, type MarkerShape } from '@/lib/colors';
import type { ChartLine } from './chart-line';
import { hueOf } from './plot-colors';

function trace(path: Path2D, shape: MarkerShape, x: number, y: number, radius: number): void {
  if (shape === 'square') {
    path.rect(x - radius, y - radius, radius * 2, radius * 2);
  } else if (shape === 'circle') {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, Math.PI * 2);
  } else if (shape === 'diamond') {
    path.moveTo(x, y - radius * 1.3);
    path.lineTo(x + radius * 1.3, y);
    path.lineTo(x, y + radius * 1.3);
    path.lineTo(x - radius * 1.3, y);
    path.closePath();
  } else {
    path.moveTo(x, y - radius * 1.2);
    path.lineTo(x + radius * 1.2, y + radius);
    path.lineTo(x - radius * 1.2, y + radius);
    path.closePath();
  }
}

/** Draws the points of a series in the shape of its run's slot. */
export function markers(slot: number): uPlot.Series.Points.PathBuilder {
  const shape = slotShape(slot);
  return (plot, seriesIndex, from, to) => {
    const path = new Path2D();
    const xs = plot.data[0]!;
    const ys = plot.data[seriesIndex]!;
    for (let index = from; index <= to; index += 1) {
      const y = ys[index];
      if (y === null || y === undefined) continue;
      trace(
        path,
        shape,
        plot.valToPos(xs[index]!, 'x', true),
        plot.valToPos(y, 'y', true),
        3 * uPlot.pxRatio,
      );
    }
    return { stroke: path, fill: path };
  };
}

/** Crosses at the foot of the plot where a line has values that cannot be drawn; those of neighbouring lines in rows. */
export function drawGaps(plot: uPlot, lines: readonly ChartLine[]): void {
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  const ratio = uPlot.pxRatio;
  const arm = 2.5 * ratio;
  ctx.save();
  ctx.lineWidth = 1.5 * ratio;
  lines.forEach((line, index) => {
    if (line.gaps.length === 0) return;
    const y = top + height - (5 + (index % 4) * 7) * ratio;
    let free = -Infinity;
    ctx.strokeStyle = hueOf(line.slot);
    ctx.beginPath();
    for (const gap of line.gaps) {
      const x = plot.valToPos(gap, 'x', true);
      if (x < left || x > left + width || x < free) continue;
      ctx.moveTo(x - arm, y - arm);
      ctx.lineTo(x + arm, y + arm);
      ctx.moveTo(x - arm, y + arm);
      ctx.lineTo(x + arm, y - arm);
      free = x + 3 * arm;
    }
    ctx.stroke();
  });
  ctx.restore();
}
