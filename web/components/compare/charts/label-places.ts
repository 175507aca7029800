/** A point that has a label, in shares of the plot: from the left, from the bottom. */
export interface LabelledPoint {
  x: number;
  y: number;
  label: string;
}

export interface LabelPlace {
  position: 'top' | 'bottom';
  /** Which end of the label stands at the point: near an edge it goes inwards. */
  align: 'left' | 'center' | 'right';
}

/** A plot as it is on a desk, in CSS pixels; on a narrower one labels that would overlap are left out. */
const PLOT = { width: 420, height: 220 };
/** A label: pixels a character about, at most, and of a line. */
const CHARACTER = 6.2;
const LINE = 16;
/** From a point to the middle of its label. */
const AWAY = 20;

/** The longest label in pixels; what is longer is cut. */
export const LONGEST_LABEL = 180;

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function boxOf({ x, y, label }: LabelledPoint, { position, align }: LabelPlace): Box {
  const width = Math.min(LONGEST_LABEL, label.length * CHARACTER);
  const start = x * PLOT.width - (align === 'center' ? width / 2 : align === 'right' ? width : 0);
  const middle = (1 - y) * PLOT.height + (position === 'top' ? -AWAY : AWAY);
  return { left: start, right: start + width, top: middle - LINE / 2, bottom: middle + LINE / 2 };
}

const overlaps = (one: Box, other: Box): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** Where each label goes so that none is cut off at an edge, and as few as may be lie over each other; the first choose first. */
export function labelPlaces(points: readonly LabelledPoint[]): LabelPlace[] {
  const taken: Box[] = [];
  return points.map((point) => {
    const align = point.x > 0.75 ? 'right' : point.x < 0.2 ? 'left' : 'center';
    const ways: LabelPlace[] = [
      { position: 'top', align },
      // Below the lowest points is the axis.
      ...(point.y > 0.15 ? [{ position: 'bottom', align } as const] : []),
    ];
    const place = ways.find((way) => !taken.some((box) => overlaps(box, boxOf(point, way)))) ?? ways[0]!;
    taken.push(boxOf(point, place));
    return place;
  });
}
