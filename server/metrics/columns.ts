/** Points of one metric in columns: what everything here passes around. Times are whole milliseconds since 1970. */
export interface Points {
  steps: Int32Array;
  values: Float64Array;
  times: Float64Array;
}

/** Makes columns from loose numbers. */
export function pointsOf(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  times: ArrayLike<number>,
): Points {
  return {
    steps: Int32Array.from(steps),
    values: Float64Array.from(values),
    times: Float64Array.from(times),
  };
}

/** Joins stretches of one metric into one. */
export function joinPoints(parts: readonly Points[]): Points {
  if (parts.length === 1) return parts[0]!;
  const length = parts.reduce((sum, { steps }) => sum + steps.length, 0);
  const joined = emptyPoints(length);
  let offset = 0;
  for (const { steps, values, times } of parts) {
    joined.steps.set(steps, offset);
    joined.values.set(values, offset);
    joined.times.set(times, offset);
    offset += steps.length;
  }
  return joined;
}

/** A stretch of points, sharing memory with the whole. */
export function slicePoints({ steps, values, times }: Points, from: number, to: number): Points {
  return {
    steps: steps.subarray(from, to),
    values: values.subarray(from, to),
    times: times.subarray(from, to),
  };
}

/**
 * Points in order of their steps, one a step: of points with equal steps the one written last counts. Gives the points
 * themselves back when they are so already, which is almost always.
 */
export function settlePoints(points: Points): Points {
  if (isAscending(points.steps)) return points;
  const { steps, values, times } = points;
  const order = Int32Array.from(steps.keys()).sort((a, b) => steps[a]! - steps[b]! || a - b);
  const kept = order.filter((index, place) => steps[index] !== steps[order[place + 1]!]);
  const settled = emptyPoints(kept.length);
  kept.forEach((index, place) => {
    settled.steps[place] = steps[index]!;
    settled.values[place] = values[index]!;
    settled.times[place] = times[index]!;
  });
  return settled;
}

/** The points whose steps are at most `step`; the points must be in order. */
export function pointsUpTo(points: Points, step: number): Points {
  let length = points.steps.length;
  while (length > 0 && points.steps[length - 1]! > step) length -= 1;
  return length === points.steps.length ? points : slicePoints(points, 0, length);
}

function emptyPoints(length: number): Points {
  return { steps: new Int32Array(length), values: new Float64Array(length), times: new Float64Array(length) };
}

function isAscending(steps: Int32Array): boolean {
  for (let index = 1; index < steps.length; index += 1) if (steps[index - 1]! >= steps[index]!) return false;
  return true;
}
