/** What cannot be had better and cheaper at once. */

export interface FrontierPoint {
  cost: number;
  quality: number;
}

/** Indices of the points that no other beats in both cost and quality, the cheapest first. */
export function frontierOf(points: readonly (FrontierPoint | null)[]): number[] {
  const order = points
    .map((point, index) => ({ point, index }))
    .filter(
      (entry): entry is { point: FrontierPoint; index: number } =>
        entry.point !== null && Number.isFinite(entry.point.cost) && Number.isFinite(entry.point.quality),
    )
    .sort((a, b) => a.point.cost - b.point.cost || b.point.quality - a.point.quality);
  let best = -Infinity;
  return order.flatMap(({ point, index }) => {
    if (point.quality <= best) return [];
    best = point.quality;
    return [index];
  });
}
