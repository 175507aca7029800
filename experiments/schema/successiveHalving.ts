import type { Pruning } from './types.js';

/** The rungs at which a run of so many epochs or steps has to prove itself: those that lie before its end. */
export function rungsBefore(
  total: number,
  { first, reduction }: Pick<Pruning, 'first' | 'reduction'>,
): number[] {
  const rungs: number[] = [];
  for (let rung = first; rung < total; rung *= reduction) rungs.push(rung);
  return rungs;
}

/** How a value does among those that were at the rung before it. */
export interface Judgement {
  /** 1 is the best; of equal values the one that was there first is better. */
  rank: number;
  /** How many go on, by what is known now. */
  kept: number;
  goesOn: boolean;
}

/**
 * Whether a run goes on, decided at once by the results that are there (ASHA's asynchronous rule): when it is among the best
 * 1/`reduction` of them. While there are fewer than `reduction` results the best of them goes on. NaN is worse than anything.
 */
export function judge(
  value: number,
  earlier: readonly number[],
  { direction, reduction }: Pick<Pruning, 'direction' | 'reduction'>,
): Judgement {
  const badness = (one: number): number =>
    Number.isNaN(one) ? Infinity : direction === 'minimize' ? one : -one;
  const rank = 1 + earlier.filter((other) => badness(other) <= badness(value)).length;
  const kept = Math.max(1, Math.floor((earlier.length + 1) / reduction));
  return { rank, kept, goesOn: rank <= kept };
}
