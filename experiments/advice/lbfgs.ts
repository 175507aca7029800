/** A smooth function to minimise: returns its value at x and writes its gradient. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  maxIterations?: number;
  /** Ends when no entry of the gradient is larger. */
  gradientTolerance?: number;
  /** Ends when a step lowers the value by less than this share of it. */
  valueTolerance?: number;
}

/** Pairs of steps and gradient changes that stand for the curvature. */
const memory = 8;
const sufficientDecrease = 1e-4;
const maxHalvings = 30;

/**
 * Minimises a convex function with limited-memory BFGS (Liu and Nocedal, "On the limited memory BFGS method for large scale
 * optimization", 1989), halving steps until they decrease it enough. Works on `x` in place and returns the value there.
 */
export function minimise(
  objective: Objective,
  x: Float64Array,
  { maxIterations = 200, gradientTolerance = 1e-6, valueTolerance = 1e-9 }: MinimiseOptions = {},
): number {
  const pairs: { step: Float64Array; change: Float64Array; scale: number }[] = [];
  let gradient = new Float64Array(x.length);
  let value = objective(x, gradient);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (largest(gradient) <= gradientTolerance) break;
    const direction = descent(gradient, pairs);
    const slope = dot(direction, gradient);
    let size = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const moved = new Float64Array(x.length);
    const movedGradient = new Float64Array(x.length);
    let movedValue = Infinity;
    for (let halving = 0; halving < maxHalvings; halving++, size /= 2) {
      for (let index = 0; index < x.length; index++) moved[index] = x[index] + size * direction[index];
      movedValue = objective(moved, movedGradient);
      if (movedValue <= value + sufficientDecrease * size * slope) break;
    }
    if (!(movedValue < value)) break;
    const step = moved.map((entry, index) => entry - x[index]);
    const change = movedGradient.map((entry, index) => entry - gradient[index]);
    const curvature = dot(step, change);
    if (curvature > 0) {
      pairs.push({ step, change, scale: 1 / curvature });
      if (pairs.length > memory) pairs.shift();
    }
    const decrease = value - movedValue;
    x.set(moved);
    gradient = movedGradient;
    value = movedValue;
    if (decrease <= valueTolerance * Math.max(Math.abs(value), 1e-12)) break;
  }
  return value;
}

/** −H·gradient by the two-loop recursion. */
function descent(
  gradient: Float64Array,
  pairs: readonly { step: Float64Array; change: Float64Array; scale: number }[],
): Float64Array {
  const direction = gradient.map((entry) => -entry);
  const weights: number[] = [];
  for (const { step, change, scale } of [...pairs].reverse()) {
    const weight = scale * dot(step, direction);
    weights.unshift(weight);
    addScaled(direction, change, -weight);
  }
  const last = pairs.at(-1);
  if (last !== undefined) {
    const factor = 1 / (last.scale * dot(last.change, last.change));
    for (let index = 0; index < direction.length; index++) direction[index] *= factor;
  }
  pairs.forEach(({ step, change, scale }, index) => {
    addScaled(direction, step, weights[index] - scale * dot(change, direction));
  });
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let index = 0; index < a.length; index++) total += a[index] * b[index];
  return total;
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index++) target[index] += factor * source[index];
}

function largest(values: Float64Array): number {
  let result = 0;
  for (const value of values) result = Math.max(result, Math.abs(value));
  return result;
}
