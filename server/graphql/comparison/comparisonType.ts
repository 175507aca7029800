import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Cost, Run } from '../run/runType.js';
import { Json } from '../scalars.js';
import { InputChange } from '../verification/verificationType.js';

@ObjectType({
  description: 'A setting whose value is not the same in every compared run; values in the order of `runs`.',
})
export class SettingDifference {
  @Field(() => String, {
    description: 'Where the setting is in the definition, such as `training.learningRate`.',
  })
  path!: string;

  @Field(() => [Json], {
    nullable: 'items',
    description: 'Its values; null where a run has no such setting.',
  })
  values!: unknown[];
}

@ObjectType({
  description:
    'values, and deltas against the baseline, in the order of `runs`; null where a run has no such metric.',
})
export class MetricComparison {
  @Field(() => String, { description: 'Name of the metric.' })
  name!: string;

  @Field(() => [Float], { nullable: 'items', description: 'The last value in each run.' })
  values!: (number | null)[];

  @Field(() => [Float], { nullable: 'items', description: "Each value less the baseline's." })
  deltas!: (number | null)[];

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether more is better; null when the name does not tell.',
  })
  higherIsBetter!: boolean | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The run with the best value; null when several share it.',
  })
  bestRun!: string | null;
}

@ObjectType({
  description:
    'Something that decides what runs compute and is not the same in all of them; values in the order of `runs`.',
})
export class InputDifference {
  @Field(() => String, {
    description:
      'Its kind, as in verifications: `definition`, `dataset`, `weights`, `initial weights`, `parent`, `tokenizer`, `code`, `versions`, `device` or `processor`.',
  })
  input!: string;

  @Field(() => String, {
    description: 'Which: a path of the definition, the name of a package, or the kind once more.',
  })
  name!: string;

  @Field(() => [Json], {
    nullable: 'items',
    description: 'Its values, digests where it is data or code; null where it was not recorded.',
  })
  values!: unknown[];
}

@ObjectType({ description: 'Values of repetitions with other seeds.' })
export class Spread {
  @Field(() => Int, { description: 'How many values there are.' })
  n!: number;

  @Field(() => Int, {
    description: 'How many of them are NaN or infinite; where there are any, mean and all else are null.',
  })
  nonFinite!: number;

  @Field(() => Float, { nullable: true, description: 'Their mean.' })
  mean!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Their sample standard deviation; null below two values.',
  })
  deviation!: number | null;

  @Field(() => Float, { nullable: true, description: 'The smallest.' })
  min!: number | null;

  @Field(() => Float, { nullable: true, description: 'The largest.' })
  max!: number | null;
}

@ObjectType({ description: 'The last values of a metric over the seeds of a group.' })
export class MetricSpread extends Spread {
  @Field(() => String, { description: 'Name of the metric.' })
  name!: string;

  @Field(() => Float, { nullable: true, description: "The mean less that of the baseline's group." })
  delta!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Standard error of that difference; null when one of the groups has a single value.',
  })
  deltaError!: number | null;
}

@ObjectType({
  description:
    'Runs that differ only in the seed. One that was repeated and came out the same counts once in the spreads of metrics.',
})
export class SeedGroup {
  @Field(() => String, {
    description: 'What is frozen, and settings where it takes them to tell groups apart.',
  })
  label!: string;

  @Field(() => [ID], { description: 'Its runs.' })
  runs!: string[];

  @Field(() => [Int], { description: 'Their seeds, each once.' })
  seeds!: number[];

  @Field(() => Int, { description: 'How many of them are not over.' })
  unfinished!: number;

  @Field(() => Float, { description: 'Trainable parameters over all parameters, 0 to 1.' })
  trainableShare!: number;

  @Field(() => Int, { description: 'Parameters that training changes.' })
  trainableParameters!: number;

  @Field(() => Spread, {
    description: 'Seconds of training of a run; of runs trained elsewhere, from start to end.',
  })
  seconds!: Spread;

  @Field(() => Cost, { description: 'What its runs took together.' })
  cost!: Cost;

  @Field(() => [MetricSpread], { description: 'Every metric that any of its runs has, sorted by name.' })
  metrics!: MetricSpread[];
}

export enum Explained {
  SAME_BITS = 'SAME_BITS',
  INPUTS_DIFFER = 'INPUTS_DIFFER',
  UNEXPLAINED = 'UNEXPLAINED',
  NOT_PROMISED = 'NOT_PROMISED',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(Explained, {
  name: 'Explained',
  description: 'What may be said of the final weights of two runs.',
  valuesConfig: {
    SAME_BITS: { description: 'They are the same, whatever went in.' },
    INPUTS_DIFFER: { description: 'They differ, and so does what went in.' },
    UNEXPLAINED: { description: 'They differ although everything that went in is the same.' },
    NOT_PROMISED: {
      description:
        'They differ although what went in is the same, on a device that does not promise equal bits.',
    },
    UNKNOWN: { description: 'One run has no final weights, or not enough is recorded of what went in.' },
  },
});

@ObjectType({ description: 'What explains that a run came out other than the baseline.' })
export class RunExplanation {
  @Field(() => ID, { description: 'The run.' })
  run!: string;

  @Field(() => Explained, { description: 'What may be said of its final weights and those of the baseline.' })
  explained!: Explained;

  @Field(() => String, { description: 'The same in a sentence.' })
  summary!: string;

  @Field(() => [InputChange], {
    description: "Inputs that are others than the baseline's; also where the bits are the same.",
  })
  changes!: InputChange[];

  @Field(() => [String], {
    description:
      'Why equal bits were not to be expected even of equal inputs; empty when they were promised.',
  })
  notPromised!: string[];
}

@ObjectType({ description: 'Which group of runs to keep.' })
export class ComparisonVerdict {
  @Field(() => [String], {
    description: 'The metrics that groups were judged by: by the mean of their means.',
  })
  metrics!: string[];

  @Field(() => Float, {
    description:
      'How much worse than the best a cheaper group may be: a percentage point of accuracy, or the spread over seeds of the best.',
  })
  tolerance!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Index of the best group; null when none has the metrics.',
  })
  best!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Index of the group that takes the fewest seconds of those as good as the best; null when there is nothing to choose between.',
  })
  keep!: number | null;

  @Field(() => String, { description: 'Why, in one sentence.' })
  reason!: string;
}

@ObjectType({ description: 'Runs side by side, and what explains their differences.' })
export class RunComparison {
  @Field(() => [Run], { description: 'The runs, in the order asked for.' })
  runs!: object[];

  @Field(() => ID, { description: 'The run that the others are compared with.' })
  baseline!: string;

  @Field(() => [SettingDifference], { description: 'The settings that are not the same in all of them.' })
  settings!: SettingDifference[];

  @Field(() => [InputDifference], {
    description:
      'Everything that decides numbers and is not the same in all of them: settings, data, weights, code, versions, device.',
  })
  inputs!: InputDifference[];

  @Field(() => [MetricComparison], { description: 'Every metric that any of them has, sorted by name.' })
  metrics!: MetricComparison[];

  @Field(() => [SeedGroup], { description: 'The runs, those together that differ only in the seed.' })
  groups!: SeedGroup[];

  @Field(() => [RunExplanation], {
    description: 'Each run but the baseline, and what explains its difference.',
  })
  explanations!: RunExplanation[];

  @Field(() => ComparisonVerdict, { description: 'Which group to keep.' })
  verdict!: ComparisonVerdict;
}
