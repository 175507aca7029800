/** The ways to freeze that people begin with, and when each fits. */

import type { FreezeRulesLike } from '@/lib/freeze';
import { presetRules, tidyRules, type DesignModel } from '@/lib/freeze-design';

export interface Preset {
  key: string;
  name: string;
  rules: FreezeRulesLike;
  /** When it is worth a try. */
  fits: string;
  /** Whether it is what so many examples a class ask for; null where the count says nothing. */
  fitsExamples(fewest: number): boolean | null;
}

/** Up to here a class has too few examples to train anything on. */
const FEW = 100;
/** From here on there are enough to train everything. */
const MANY = 10_000;

/** The presets of a model with these tasks. */
export function presetsOf(model: DesignModel): Preset[] {
  const half = Math.max(1, Math.floor(model.blocks / 2));
  const lastTask = model.tasks.at(-1)?.name;
  const parts = (rules: Partial<FreezeRulesLike>) =>
    tidyRules({ preset: null, embeddings: false, blocks: 0, heads: [], parameters: [], ...rules }, model);
  const oneHead: Preset[] =
    model.tasks.length < 2 || lastTask === undefined
      ? []
      : [
          {
            key: 'one-head',
            name: `Head ${lastTask} frozen`,
            rules: parts({ heads: [lastTask] }),
            fits: 'When tasks need or have unequal amounts: the one that is good enough, or short of data, stops pulling at the backbone.',
            fitsExamples: () => null,
          },
        ];
  return [
    {
      key: 'full',
      name: 'Full',
      rules: presetRules('full'),
      fits: 'From about 10,000 examples a class, or for a domain of its own. Costs the most, and small data is soon overfitted.',
      fitsExamples: (fewest) => fewest > MANY,
    },
    {
      key: 'lower-layers',
      name: 'Lower layers frozen',
      rules: parts({ embeddings: true, blocks: half }),
      fits: 'When the language is general and the task is not: lower layers keep what they know of it, upper layers adapt.',
      fitsExamples: () => null,
    },
    ...oneHead,
    {
      key: 'head-only',
      name: 'Head-only',
      rules: presetRules('head-only'),
      fits: '100 to 10,000 examples a class: over 90 % fewer trainable parameters, and the backbone is run only once.',
      fitsExamples: (fewest) => fewest >= FEW && fewest <= MANY,
    },
    {
      key: 'frozen',
      name: 'Frozen',
      rules: presetRules('frozen'),
      fits: 'Under about 100 examples a class, where training would only learn them by heart; and as the line to beat.',
      fitsExamples: (fewest) => fewest < FEW,
    },
  ];
}
