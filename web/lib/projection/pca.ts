/** Principal components of many vectors: the plane that keeps most of how they differ. */

export interface Plane {
  /** Places in the plane, two numbers a vector. */
  points: Float64Array;
  /** Share of the variance along each of the two axes. */
  explained: [number, number];
}

/** Directions followed at once; more than two, so that two nearly equal ones do not slow the search. */
const FOLLOWED = 6;
const MOST_ROUNDS = 300;
/** Rounds end when the variance along the two axes moves by less than this share of it. */
const TOLERANCE = 1e-10;

/**
 * Projects `rows` vectors of `width` numbers, one after the other in `vectors`, on their first two principal components, by
 * subspace iteration. The same vectors give the same plane, signs included.
 */
export function principalPlane(vectors: Float32Array, rows: number, width: number): Plane {
  const centered = center(vectors, rows, width);
  const total = centered.reduce((sum, value) => sum + value * value, 0);
  const followed = Math.min(FOLLOWED, width, rows);
  if (total === 0 || followed < 1) return { points: new Float64Array(2 * rows), explained: [0, 0] };
  let basis = startingBasis(followed, width);
  let [first, second] = [0, 0];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const next = basis.map((direction) => spread(centered, rows, width, direction));
    basis = orthonormal(next);
    const ritz = rotate(centered, rows, width, basis);
    basis = ritz.directions;
    const [one = 0, two = 0] = ritz.variances;
    const moved = Math.abs(one - first) + Math.abs(two - second);
    [first, second] = [one, two];
    if (moved <= TOLERANCE * total) break;
  }
  const axes = [basis[0]!, basis[1] ?? new Float64Array(width)].map(withSign);
  const points = new Float64Array(2 * rows);
  for (let row = 0; row < rows; row += 1) {
    for (let axis = 0; axis < 2; axis += 1)
      points[2 * row + axis] = dotRow(centered, row, width, axes[axis]!);
  }
  return { points, explained: [first / total, second / total] };
}

function center(vectors: Float32Array, rows: number, width: number): Float64Array {
  const centered = Float64Array.from(vectors);
  for (let column = 0; column < width; column += 1) {
    let sum = 0;
    for (let row = 0; row < rows; row += 1) sum += vectors[row * width + column]!;
    for (let row = 0; row < rows; row += 1) centered[row * width + column]! -= sum / rows;
  }
  return centered;
}

/** Directions that are in no special place, the same every time. */
function startingBasis(count: number, width: number): Float64Array[] {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  return orthonormal(Array.from({ length: count }, () => Float64Array.from({ length: width }, next)));
}

function dotRow(matrix: Float64Array, row: number, width: number, direction: Float64Array): number {
  let sum = 0;
  const offset = row * width;
  for (let column = 0; column < width; column += 1) sum += matrix[offset + column]! * direction[column]!;
  return sum;
}

/** The covariance (times the number of rows) applied to a direction, without ever being written down. */
function spread(matrix: Float64Array, rows: number, width: number, direction: Float64Array): Float64Array {
  const result = new Float64Array(width);
  for (let row = 0; row < rows; row += 1) {
    const along = dotRow(matrix, row, width, direction);
    const offset = row * width;
    for (let column = 0; column < width; column += 1) result[column]! += along * matrix[offset + column]!;
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += a[index]! * b[index]!;
  return sum;
}

/** Gram and Schmidt, twice, which is enough; what is left of a direction that depends on others becomes zero. */
function orthonormal(directions: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const direction of directions) {
    const own = Float64Array.from(direction);
    const before = Math.sqrt(dot(own, own));
    for (let pass = 0; pass < 2; pass += 1) {
      for (const other of done) {
        const along = dot(own, other);
        for (let index = 0; index < own.length; index += 1) own[index]! -= along * other[index]!;
      }
    }
    const length = Math.sqrt(dot(own, own));
    // What is left of it may be rounding alone, which points anywhere.
    done.push(own.map((value) => (length <= 1e-10 * before ? 0 : value / length)));
  }
  return done;
}

/** Turns a basis so that its directions are those of most variance within what it spans (Rayleigh and Ritz). */
function rotate(matrix: Float64Array, rows: number, width: number, basis: readonly Float64Array[]) {
  const images = basis.map((direction) => spread(matrix, rows, width, direction));
  const small = basis.map((direction) => images.map((image) => dot(direction, image)));
  const { values, vectors } = eigen(small);
  const order = values.map((_, index) => index).sort((a, b) => values[b]! - values[a]!);
  return {
    variances: order.map((index) => values[index]!),
    directions: order.map((index) => {
      const direction = new Float64Array(width);
      basis.forEach((part, place) => {
        const weight = vectors[place]![index]!;
        for (let column = 0; column < width; column += 1) direction[column]! += weight * part[column]!;
      });
      return direction;
    }),
  };
}

/** Eigenvalues and eigenvectors (columns) of a small symmetric matrix, by Jacobi's rotations. */
function eigen(symmetric: readonly (readonly number[])[]) {
  const size = symmetric.length;
  const a = symmetric.map((row) => [...row]);
  const vectors = a.map((_, row) => a.map((_, column): number => (row === column ? 1 : 0)));
  for (let sweep = 0; sweep < 30; sweep += 1) {
    for (let p = 0; p < size; p += 1) {
      for (let q = p + 1; q < size; q += 1) {
        if (Math.abs(a[p]![q]!) < 1e-300) continue;
        const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let k = 0; k < size; k += 1) {
          const [kp, kq] = [a[k]![p]!, a[k]![q]!];
          a[k]![p] = c * kp - s * kq;
          a[k]![q] = s * kp + c * kq;
        }
        for (let k = 0; k < size; k += 1) {
          const [pk, qk] = [a[p]![k]!, a[q]![k]!];
          a[p]![k] = c * pk - s * qk;
          a[q]![k] = s * pk + c * qk;
        }
        for (let k = 0; k < size; k += 1) {
          const [kp, kq] = [vectors[k]![p]!, vectors[k]![q]!];
          vectors[k]![p] = c * kp - s * kq;
          vectors[k]![q] = s * kp + c * kq;
        }
      }
    }
  }
  return { values: a.map((row, index) => row[index]!), vectors };
}

/** A direction and its opposite are the same axis: the one whose largest part is positive is taken. */
function withSign(direction: Float64Array): Float64Array {
  let largest = 0;
  for (const value of direction) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest < 0 ? direction.map((value) => -value) : direction;
}
