import { z } from 'zod';

import { sweepFields } from './sweepFields.js';
import { freezePresets } from './types.js';

const text = z.string().min(1);
const count = z.int().min(1);
const rate = z.number().positive();

/** Names of tasks become names of tensors (`heads.<task>.0.weight`) and metrics (`train/<task>/loss`), so dots and slashes are out. */
const taskName = text
  .max(64)
  .refine(
    (name) => /^\p{L}[\p{L}\p{M}\p{N}_ -]*$/u.test(name) && !(name in Object.prototype),
    'expected a name that begins with a letter and holds letters, digits, spaces, "_" and "-"',
  )
  .refine(
    (name) => name !== 'sentence' && name !== 'split',
    'expected another name, as this column has a meaning of its own',
  );

const task = z
  .strictObject({
    name: taskName.describe('Label column of the dataset, and name of the head that learns it.'),
    classes: z
      .array(text)
      .min(2)
      .refine((classes) => new Set(classes).size === classes.length, 'expected classes that differ')
      .optional()
      .describe('Labels in the order of the logits; by default the sorted distinct labels of the dataset.'),
    weight: z.number().nonnegative().default(1).describe("Factor on the task's loss."),
    hidden: count.max(65536).default(256).describe("Width of the head's hidden layer."),
    classWeights: z
      .array(z.number().nonnegative())
      .min(2)
      .refine((weights) => weights.some((weight) => weight > 0), 'expected at least one weight above 0')
      .optional()
      .describe('Factor on the loss of each class, in the order of classes.'),
  })
  .superRefine(({ classes, classWeights }, context) => {
    if (classWeights === undefined) return;
    if (classes === undefined) {
      const message = 'expected classes beside it, as the weights follow their order';
      context.addIssue({ code: 'custom', path: ['classWeights'], message, input: classWeights });
    } else if (classes.length !== classWeights.length) {
      const message = `expected ${classes.length} weights, one for each class`;
      context.addIssue({ code: 'custom', path: ['classWeights'], message, input: classWeights });
    }
  });

const freezeFields = {
  preset: z.enum(freezePresets).optional().describe('full, head-only or frozen; stands alone.'),
  embeddings: z.boolean().optional().describe('Freezes the embeddings.'),
  blocks: z.int().min(0).optional().describe('Freezes the first so many blocks.'),
  heads: z.array(text).optional().describe('Tasks whose heads are frozen.'),
  parameters: z
    .array(text)
    .optional()
    .describe('Patterns over parameter names; * stands for any characters.'),
};

/** A preset says everything that the parts could say. */
function checkPresetStandsAlone(rules: Record<string, unknown>, context: z.RefinementCtx): void {
  const { preset, epoch: _epoch, schedule: _schedule, ...parts } = rules;
  const others = Object.entries(parts).filter(([, value]) => value !== undefined);
  if (preset === undefined || others.length === 0) return;
  const message = 'expected to stand alone, without a preset beside it';
  context.addIssue({ code: 'custom', path: [others[0][0]], message, input: others[0][1] });
}

const freezeStage = z
  .strictObject({ epoch: z.int().min(2).describe('First epoch (from 1) of the stage.'), ...freezeFields })
  .superRefine(checkPresetStandsAlone);

const freeze = z
  .strictObject({
    ...freezeFields,
    schedule: z
      .array(freezeStage)
      .min(1)
      .superRefine((stages, context) => {
        for (const [index, { epoch }] of stages.entries()) {
          if (index === 0 || epoch > stages[index - 1].epoch) continue;
          const message = 'expected a later epoch than that of the stage before';
          context.addIssue({ code: 'custom', path: [index, 'epoch'], message, input: epoch });
        }
      })
      .optional()
      .describe('Rules that take the place of these from an epoch on: gradual unfreezing.'),
  })
  .superRefine(checkPresetStandsAlone);

const earlyStopping = z.strictObject({
  metric: text.default('validation/loss'),
  patience: count.default(3),
  minDelta: z.number().nonnegative().default(0),
});

const learningRates = z.strictObject({
  backbone: rate.optional(),
  heads: rate.optional(),
  blockDecay: rate.max(1).optional().describe('Multiplies once per block, counted from the top.'),
});

const training = z.strictObject({
  epochs: count.default(4),
  batchSize: count.default(16),
  learningRate: rate.default(2e-5),
  optimizer: z.enum(['adam']).default('adam'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .nullable()
    .default(null)
    .describe("null: the model's own rates, and 0.1 in the heads."),
  maxLength: z.int().min(2).default(128).describe('Tokens a sentence is cut to, special tokens included.'),
  shuffle: z.boolean().default(true),
  seed: z.int().min(0).default(42),
  checkpointEvery: count.nullable().default(null).describe('In optimizer steps.'),
  keepCheckpoints: z
    .enum(['newest', 'all'])
    .default('newest')
    .describe('newest: the newest two and the best one by validation.'),
  evaluateEvery: count.nullable().default(null).describe('In optimizer steps.'),
  weightDecay: z.number().nonnegative().default(0).describe('Decoupled, as in AdamW.'),
  schedule: z.enum(['constant', 'linear', 'cosine']).default('constant'),
  warmupSteps: z.int().min(0).default(0),
  clipNorm: rate.nullable().default(null),
  earlyStopping: earlyStopping.nullable().default(null),
  learningRates: learningRates.nullable().default(null),
  gradientAccumulation: count.default(1).describe('Batches whose gradients make one optimizer step.'),
});

/** A definition as it is written, before the checks that take more than one field. */
export const definitionFields = z.strictObject({
  name: text.max(200).default('experiment'),
  model: text.describe(
    'A Hugging Face id, or a folder with config.json, model.safetensors and tokenizer.json.',
  ),
  dataset: text.describe('A CSV or JSONL file, or name@version of a stored dataset.'),
  tasks: z
    .array(task)
    .min(1)
    .superRefine((tasks, context) => {
      for (const [index, { name }] of tasks.entries()) {
        if (tasks.findIndex((other) => other.name === name) === index) continue;
        const message = 'expected a name that no other task has';
        context.addIssue({ code: 'custom', path: [index, 'name'], message, input: name });
      }
    }),
  freeze: freeze.default({ preset: 'full' }),
  training: training.prefault({}),
  initialWeights: text
    .nullable()
    .default(null)
    .describe('A safetensors file whose tensors replace those loaded or drawn.'),
  sweep: sweepFields,
});

/** The definition's format as a JSON schema, for editors. */
export function definitionJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(definitionFields, { io: 'input' });
}
