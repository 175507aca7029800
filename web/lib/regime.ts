/** Freeze regimes: how much of a network trains, as the glyphs ■ full, ◧ partial, □ head-only and ◌ frozen tell it. */

export type Regime = 'full' | 'partial' | 'head-only' | 'frozen';

export interface FreezeLike {
  preset?: string | null;
  frozenBlocks: number;
  totalBlocks: number;
  embeddingsFrozen: boolean;
  frozenHeads: readonly string[];
  trainableShare: number;
}

/** The regime of a run's freeze summary. */
export function regimeOf(freeze: FreezeLike): Regime {
  if (freeze.preset === 'full' || freeze.preset === 'head-only' || freeze.preset === 'frozen')
    return freeze.preset;
  if (freeze.trainableShare === 0) return 'frozen';
  if (freeze.trainableShare === 1) return 'full';
  const backboneFrozen =
    freeze.embeddingsFrozen && freeze.totalBlocks > 0 && freeze.frozenBlocks === freeze.totalBlocks;
  return backboneFrozen ? 'head-only' : 'partial';
}

export const regimes: readonly Regime[] = ['full', 'partial', 'head-only', 'frozen'];

export const regimeNames: Record<Regime, string> = {
  full: 'Full',
  partial: 'Partial',
  'head-only': 'Head-only',
  frozen: 'Frozen',
};

/** What each regime does, in a sentence for tooltips and screen readers. */
export const regimeMeanings: Record<Regime, string> = {
  full: 'everything trains',
  partial: 'part of the network is frozen',
  'head-only': 'only the task heads train',
  frozen: 'nothing trains',
};
