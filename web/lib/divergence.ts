import { isRecord } from '@/lib/definition/paths';
import { MISSING } from '@/lib/format';
import { settingText } from '@/lib/settings';

/** Where the loss of a run stopped being a number. */
export interface Divergence {
  step: number;
  value: string;
  lastFiniteStep?: number | null;
  recovered: boolean;
}

/** A step with all its digits: where something happened is not to be rounded. */
export function stepText(step: number | null | undefined): string {
  return step?.toLocaleString('en-US') ?? MISSING;
}

/** What happened, in a few words: the same on the run's page and beside it in a comparison. */
export function divergenceTitle({ step, value, recovered }: Divergence): string {
  const at = `at step ${stepText(step)}`;
  return recovered ? `The loss was ${value} ${at}` : `Diverged ${at}`;
}

/**
 * The step of the newest checkpoint from before, or null. The loss of a step is that of the weights before it: those of the last step
 * with a finite loss may be spoiled already.
 */
export function lastGoodCheckpoint(
  checkpoints: readonly { step: number }[],
  { lastFiniteStep }: Divergence,
): number | null {
  const good = checkpoints.map(({ step }) => step).filter((step) => step < (lastFiniteStep ?? 0));
  return good.length > 0 ? Math.max(...good) : null;
}

/** What usually helps, by how the run was trained; of runs that are trained elsewhere, settings are not known. */
export function divergenceRemedies(definition: unknown): string[] {
  const training = isRecord(definition) && isRecord(definition.training) ? definition.training : null;
  if (training === null) return ['a lower learning rate', 'clipping gradients by their norm', 'a warmup'];
  const { learningRate, clipNorm, warmupSteps } = training;
  return [
    `a lower learning rate (learningRate is ${settingText(learningRate)})`,
    typeof clipNorm === 'number'
      ? `a smaller clipNorm (it is ${settingText(clipNorm)})`
      : 'clipping gradients (clipNorm is not set; 1 is usual)',
    typeof warmupSteps === 'number' && warmupSteps > 0
      ? `a longer warmup (warmupSteps is ${settingText(warmupSteps)})`
      : 'a warmup (warmupSteps is 0)',
  ];
}
