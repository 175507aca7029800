/** Nearest neighbours among vectors that lie one after the other. */

export interface Neighbour {
  row: number;
  cosine: number;
}

/** The rows whose vectors point most nearly where one row's does, best first, the row itself left out. */
export function nearestRows(vectors: Float32Array, width: number, row: number, count: number): Neighbour[] {
  const rows = vectors.length / width;
  const lengthOf = (index: number) => {
    let sum = 0;
    for (let column = 0; column < width; column += 1) sum += vectors[index * width + column]! ** 2;
    return Math.sqrt(sum);
  };
  const own = lengthOf(row);
  const found: Neighbour[] = [];
  for (let other = 0; other < rows; other += 1) {
    if (other === row) continue;
    let sum = 0;
    for (let column = 0; column < width; column += 1)
      sum += vectors[row * width + column]! * vectors[other * width + column]!;
    const length = own * lengthOf(other);
    found.push({ row: other, cosine: length === 0 ? 0 : sum / length });
  }
  return found.sort((a, b) => b.cosine - a.cosine || a.row - b.row).slice(0, count);
}

/** How many of a row's nearest rows carry its label, of those that carry one. */
export function agreeing(
  neighbours: readonly Neighbour[],
  labels: readonly (string | null)[],
  row: number,
): number {
  return neighbours.filter((neighbour) => labels[neighbour.row] === labels[row]).length;
}
