/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** The smallest value that is not below the given share of all. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Half the distance between the smallest and the largest value, as a share of the median: how far runs of the same work differed. */
export function spread(values: readonly number[]): number {
  if (values.length < 2) return 0;
  return (Math.max(...values) - Math.min(...values)) / 2 / median(values);
}

/** How many times better `ours` is than `theirs`; `better` says which direction that is. */
export function advantage(ours: number, theirs: number, better: 'lower' | 'higher'): number {
  return better === 'lower' ? theirs / ours : ours / theirs;
}

/** Spearman's rank correlation: 1 where two lists put their entries in the same order, -1 in the opposite one. Ties share a rank. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [centredRanks(a), centredRanks(b)];
  const product = (p: readonly number[], q: readonly number[]): number =>
    p.reduce((sum, value, index) => sum + value * (q[index] as number), 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}

function centredRanks(values: readonly number[]): number[] {
  const middle = (values.length - 1) / 2;
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2 - middle;
  });
}
