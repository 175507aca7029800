/** Values of repetitions, as mean and sample standard deviation. */
export interface Spread {
  /** How many values there are. */
  n: number;
  /** How many of them are NaN or infinite; the rest of a group with one says nothing, so that mean and all else are null then. */
  nonFinite: number;
  mean: number | null;
  /** null below two values. */
  deviation: number | null;
  min: number | null;
  max: number | null;
}

/** The spread of values; `null` where there is none. */
export function spreadOf(values: readonly (number | null)[]): Spread {
  const present = values.filter((value) => value !== null);
  const n = present.length;
  const nonFinite = present.filter((value) => !Number.isFinite(value)).length;
  if (n === 0 || nonFinite > 0) return { n, nonFinite, mean: null, deviation: null, min: null, max: null };
  const mean = present.reduce((sum, value) => sum + value, 0) / n;
  const squares = present.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = n < 2 ? null : Math.sqrt(squares / (n - 1));
  return { n, nonFinite, mean, deviation, min: Math.min(...present), max: Math.max(...present) };
}

/** Standard error of the difference of two means (Welch); null below two values in either. */
export function errorOfDifference(a: Spread, b: Spread): number | null {
  if (a.deviation === null || b.deviation === null) return null;
  return Math.sqrt(a.deviation ** 2 / a.n + b.deviation ** 2 / b.n);
}
