import type { Distribution, Pruning, Sweep } from './types.js';

type WrittenPruning = Omit<Pruning, 'direction'> & { direction?: Pruning['direction'] };

/** A sweep as it is written, its fields checked. */
export type WrittenSweep =
  | null
  | Record<string, unknown[]>
  | { method: 'grid'; settings: Record<string, unknown[]>; pruning: WrittenPruning | null }
  | {
      method: 'random';
      trials: number;
      seed: number;
      settings: Record<string, Distribution | unknown[]>;
      pruning: WrittenPruning | null;
    };

/** Every way to write a sweep brought to one form; null when it varies nothing. */
export function normaliseSweep(written: WrittenSweep): Sweep | null {
  if (written === null) return null;
  if (!isOfMethod(written)) {
    return Object.keys(written).length === 0 ? null : { method: 'grid', settings: written, pruning: null };
  }
  return { ...written, pruning: written.pruning && withDirection(written.pruning) };
}

type SweepOfMethod = Extract<WrittenSweep, { pruning: unknown }>;

function isOfMethod(written: NonNullable<WrittenSweep>): written is SweepOfMethod {
  return typeof written.method === 'string';
}

function withDirection(pruning: WrittenPruning): Pruning {
  const { metric } = pruning;
  return { direction: /(accuracy|macroF1)$/.test(metric) ? 'maximize' : 'minimize', ...pruning };
}
