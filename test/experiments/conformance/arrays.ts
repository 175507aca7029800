/** Plain double-precision arithmetic on row-major arrays, for references. */

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

export function product(shape: readonly number[]): number {
  return shape.reduce((result, size) => result * size, 1);
}

/** Coordinates of the element at a flat index. */
export function coordinates(index: number, shape: readonly number[]): number[] {
  let rest = index;
  const result = shape.map(() => 0);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    result[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return result;
}

/** The element of a (possibly smaller, broadcast) array at coordinates of a larger one. */
export function broadcastAt(
  values: readonly number[],
  shape: readonly number[],
  at: readonly number[],
): number {
  const offset = at.length - shape.length;
  const index = shape.reduce((flat, size, axis) => flat * size + (size === 1 ? 0 : at[axis + offset]), 0);
  return values[index];
}

/** Groups the elements of an array by the coordinates that remain when some axes are reduced. */
export function reduceAxes(
  values: readonly number[],
  shape: readonly number[],
  axes: readonly number[],
  combine: (group: number[]) => number,
): number[] {
  const groups = new Map<string, number[]>();
  values.forEach((value, index) => {
    const key = coordinates(index, shape)
      .filter((_, axis) => !axes.includes(axis))
      .join();
    groups.set(key, [...(groups.get(key) ?? []), value]);
  });
  return [...groups.values()].map(combine);
}

/** a · b of two matrices, either of which may be read transposed. */
export function multiplyMatrices(
  a: readonly number[],
  b: readonly number[],
  [rows, inner, columns]: readonly [number, number, number],
  transposeA = false,
  transposeB = false,
): number[] {
  const left = (row: number, k: number): number => a[transposeA ? k * rows + row : row * inner + k];
  const right = (k: number, column: number): number =>
    b[transposeB ? column * inner + k : k * columns + column];
  return range(rows * columns).map((index) => {
    const [row, column] = coordinates(index, [rows, columns]);
    return range(inner).reduce((total, k) => total + left(row, k) * right(k, column), 0);
  });
}

export function softmaxOf(logits: readonly number[]): number[] {
  const highest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Consecutive pieces of equal size. */
export function rowsOf(values: readonly number[], width: number): number[][] {
  return range(values.length / width).map((row) => values.slice(row * width, (row + 1) * width));
}

/** The error function by its Maclaurin series, exact to double precision for |x| < 4. */
export function errorFunction(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}
