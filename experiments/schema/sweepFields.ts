import { z } from 'zod';

/** More runs than this of one sweep is taken for a slip. */
export const largestSweep = 1000;

const count = z.int().min(1);

const values = z.array(z.unknown()).min(1);

const distribution = z
  .strictObject({
    distribution: z.enum(['uniform', 'logUniform', 'integer']),
    min: z.number(),
    max: z.number(),
  })
  .superRefine(({ distribution, min, max }, context) => {
    const complain = (path: 'min' | 'max', message: string, input: number): void =>
      context.addIssue({ code: 'custom', path: [path], message, input });
    if (max <= min) complain('max', `expected a number greater than min, which is ${min}`, max);
    if (distribution === 'logUniform' && min <= 0) complain('min', 'expected a number greater than 0', min);
    if (distribution !== 'integer') return;
    if (!Number.isSafeInteger(min)) complain('min', 'expected a whole number', min);
    if (!Number.isSafeInteger(max)) complain('max', 'expected a whole number', max);
  });

const pruning = z.strictObject({
  metric: z.string().min(1).describe('A metric that training reports, such as validation/loss.'),
  direction: z
    .enum(['minimize', 'maximize'])
    .optional()
    .describe('By default as the metric is: accuracy and macroF1 are maximized, all else is minimized.'),
  unit: z
    .enum(['epoch', 'step'])
    .default('epoch')
    .describe('What rungs are counted in: epochs, or optimizer steps.'),
  first: count.default(1).describe('The first rung; each next one is `reduction` times as far.'),
  reduction: z
    .int()
    .min(2)
    .default(3)
    .describe('One run in so many goes on at a rung, by what others had there before it.'),
});

/** A grid at its shortest: its settings alone. */
const shortGrid = z.record(z.string(), values);

const grid = z.strictObject({
  method: z.literal('grid'),
  settings: z
    .record(z.string(), values)
    .describe('Values by the path of a setting; every combination is a run.'),
  pruning: pruning.nullable().default(null),
});

const random = z.strictObject({
  method: z.literal('random'),
  trials: count.max(largestSweep).describe('How many times the settings are drawn.'),
  seed: z.int().min(0).default(42).describe('The same seed draws the same; more trials go on from fewer.'),
  settings: z
    .record(
      z.string(),
      z.union([values, distribution], {
        error: 'expected a list of values, or an object with distribution, min and max',
      }),
    )
    .refine((settings) => Object.keys(settings).length > 0, 'expected at least one setting to draw')
    .describe('What each setting is drawn from: a distribution, or values that are equally likely.'),
  pruning: pruning.nullable().default(null),
});

/** A sweep in any of the ways to write it. */
export const sweepFields = z
  .union([shortGrid, grid, random])
  .nullable()
  .default(null)
  .describe(
    'Paths of settings and their values: a grid. Or a method: grid or random, with or without pruning.',
  );

const ofMethod = {
  grid: grid.nullable().default(null),
  random: random.nullable().default(null),
  none: shortGrid.nullable().default(null),
  // Never holds: it is there to say so.
  unknown: z.looseObject({ method: z.enum(['grid', 'random']) }).transform(() => null),
};

export type SweepStyle = keyof typeof ofMethod;

/** Which of the ways a sweep is written in. */
export function styleOf(written: unknown): SweepStyle {
  if (typeof written !== 'object' || written === null || !('method' in written)) return 'none';
  return written.method === 'grid' || written.method === 'random' ? written.method : 'unknown';
}

/** The fields of a sweep of one style: checked by itself, what is wrong is told about what was meant. */
export function sweepFieldsOf<Style extends SweepStyle>(style: Style): (typeof ofMethod)[Style] {
  return ofMethod[style];
}
