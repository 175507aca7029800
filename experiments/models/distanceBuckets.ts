/** Distances up to half of a direction's buckets have one each; those from here on share the last one. */
const farthest = 128;

/**
 * The bucket of each distance from 0 to `longest - 1`, of tokens behind; tokens ahead have the other half of the buckets. Computed in
 * single precision, as PyTorch does, so that what lies on the border of two buckets comes into the same one.
 */
function bucketsBehind(longest: number, buckets: number): number[] {
  const half = buckets / 2;
  const exact = half / 2;
  const { fround, log } = Math;
  return Array.from({ length: longest }, (_, distance) => {
    if (distance < exact) return distance;
    const share = fround(fround(log(fround(distance / exact))) / fround(log(farthest / exact)));
    return Math.min(half - 1, exact + Math.trunc(fround(share * (half - exact))));
  });
}

/** The bucket of the distance from each of `length` positions to each other, row by row: what MPNet's table of biases is asked by. */
export function distanceBuckets(length: number, buckets: number): Int32Array {
  const behind = bucketsBehind(length, buckets);
  const table = new Int32Array(length * length);
  for (let from = 0; from < length; from++) {
    for (let to = 0; to < length; to++) {
      table[from * length + to] = to > from ? buckets / 2 + behind[to - from] : behind[from - to];
    }
  }
  return table;
}
