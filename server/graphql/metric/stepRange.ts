import { badInput } from '../../../experiments/errors.js';
import { EVERY_STEP, type StepRange } from '../../metrics/readSegments.js';

/** The range of steps that arguments ask for; undefined when they ask for all. */
export function stepRange({
  fromStep,
  toStep,
}: {
  fromStep?: number | null;
  toStep?: number | null;
}): StepRange | undefined {
  if (fromStep == null && toStep == null) return undefined;
  const range = { from: fromStep ?? EVERY_STEP.from, to: toStep ?? EVERY_STEP.to };
  if (range.from > range.to) {
    const message = `toStep: expected a step from ${range.from} on, got ${range.to}`;
    throw badInput(message, { path: 'toStep' });
  }
  return range;
}
