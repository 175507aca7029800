import type { ParameterInfo } from '../../models/layout.js';
import type { TrainingSettings } from '../../schema/types.js';

type Schedule = Pick<TrainingSettings, 'schedule' | 'warmupSteps'>;

/**
 * Factor on every learning rate at a step (0-based), as transformers' get_constant/linear/cosine_schedule_with_warmup: a rise from 0
 * over the warm-up, then constant, a straight line to 0, or half a cosine to 0.
 */
export function scheduleFactor(
  { schedule, warmupSteps }: Schedule,
  step: number,
  totalSteps: number,
): number {
  if (step < warmupSteps) return step / Math.max(1, warmupSteps);
  const progress = (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
  switch (schedule) {
    case 'constant':
      return 1;
    case 'linear':
      return Math.max(0, 1 - progress);
    case 'cosine':
      return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
  }
}

/**
 * Learning rate of a parameter before the schedule: its group's, and for the backbone times blockDecay once for every block between it
 * and the heads (the top block has the backbone's own rate, the embeddings blockDecay^blocks), as layer-wise decay does (Howard and
 * Ruder 2018, arXiv:1801.06146).
 */
export function baseLearningRate(
  { learningRate, learningRates }: Pick<TrainingSettings, 'learningRate' | 'learningRates'>,
  { group, block }: Pick<ParameterInfo, 'group' | 'block'>,
  blocks: number,
): number {
  if (group === 'head') return learningRates?.heads ?? learningRate;
  const below = group === 'embeddings' ? blocks : blocks - 1 - (block as number);
  return (learningRates?.backbone ?? learningRate) * (learningRates?.blockDecay ?? 1) ** below;
}
