import { Field, InputType, registerEnumType } from 'type-graphql';
import { badInput } from '../../../experiments/errors.js';
import { type OrderField, type RunOrder as Order } from '../../runs/runOrder.js';
import { MetricValue } from './runFilterInput.js';
import { metricField, settingField } from './toCondition.js';

export enum SortDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}
registerEnumType(SortDirection, {
  name: 'SortDirection',
  description: 'Which way to sort. What has no value comes last either way.',
  valuesConfig: {
    ASC: { description: 'Smallest, first or earliest at the top.' },
    DESC: { description: 'Largest, last or newest at the top.' },
  },
});

export enum RunOrderField {
  CREATED = 'CREATED',
  STARTED = 'STARTED',
  FINISHED = 'FINISHED',
  DURATION = 'DURATION',
  NAME = 'NAME',
  EXPERIMENT = 'EXPERIMENT',
  STATE = 'STATE',
  FREEZE = 'FREEZE',
  REGIME = 'REGIME',
  TRAINABLE_SHARE = 'TRAINABLE_SHARE',
  SEED = 'SEED',
}
registerEnumType(RunOrderField, {
  name: 'RunOrderField',
  description: 'What runs can be sorted by beside metrics and settings.',
  valuesConfig: {
    CREATED: { description: 'When they were launched.' },
    STARTED: { description: 'When a worker first took them.' },
    FINISHED: { description: 'When they ended.' },
    DURATION: { description: 'Seconds from start to end.' },
    NAME: { description: 'Name, whatever its case.' },
    EXPERIMENT: { description: 'Name of the experiment, whatever its case.' },
    STATE: { description: 'State, in the order of the type RunState.' },
    FREEZE: { description: 'What is frozen, in words.' },
    REGIME: { description: 'How much trains: `frozen`, `full`, `head-only` or `partial`.' },
    TRAINABLE_SHARE: { description: 'Trainable parameters over all parameters.' },
    SEED: { description: 'Seed.' },
  },
});

const fields: Record<RunOrderField, OrderField> = {
  CREATED: { kind: 'time', name: 'created' },
  STARTED: { kind: 'time', name: 'started' },
  FINISHED: { kind: 'time', name: 'finished' },
  DURATION: { kind: 'number', name: 'duration' },
  NAME: { kind: 'text', name: 'name' },
  EXPERIMENT: { kind: 'text', name: 'experiment' },
  STATE: { kind: 'state' },
  FREEZE: { kind: 'text', name: 'freeze.label' },
  REGIME: { kind: 'text', name: 'freeze.regime' },
  TRAINABLE_SHARE: { kind: 'number', name: 'trainable' },
  SEED: { kind: 'number', name: 'seed' },
};

@InputType({ description: 'A metric to sort by.' })
export class MetricOrder {
  @Field(() => String, { description: 'Its name, such as `validation/topic/accuracy`.' })
  name!: string;

  @Field(() => MetricValue, {
    nullable: true,
    defaultValue: MetricValue.last,
    description: 'Which number of its history. NaN comes last.',
  })
  of?: MetricValue | null;
}

@InputType({ description: 'By what to sort runs: one of field, metric and setting.' })
export class RunOrder {
  @Field(() => RunOrderField, { nullable: true, description: 'What every run has.' })
  field?: RunOrderField | null;

  @Field(() => MetricOrder, { nullable: true, description: 'A metric; runs without it come last.' })
  metric?: MetricOrder | null;

  @Field(() => String, {
    nullable: true,
    description: 'Path of a setting, such as `training.learningRate`; runs without it come last.',
  })
  setting?: string | null;

  @Field(() => SortDirection, {
    nullable: true,
    defaultValue: SortDirection.ASC,
    description: 'Which way.',
  })
  direction?: SortDirection | null;
}

const MAX_KEYS = 8;

/** The order that a client asks for; newest first when it asks for none. */
export function toOrder(orderBy: RunOrder[] | null | undefined): Order[] {
  const keys = orderBy ?? [];
  if (keys.length > MAX_KEYS)
    throw badInput(`orderBy: expected at most ${MAX_KEYS} keys, got ${keys.length}`, { path: 'orderBy' });
  return keys.map(({ field, metric, setting, direction }, index) => {
    const path = `orderBy.${index}`;
    const by = [
      field == null ? null : fields[field],
      metric == null ? null : metricField(metric, `${path}.metric`),
      setting == null ? null : settingField(setting, `${path}.setting`),
    ].filter((key) => key !== null);
    if (by.length !== 1)
      throw badInput(`${path}: expected one of field, metric and setting, got ${by.length}`, { path });
    return { by: by[0]!, descending: direction === SortDirection.DESC };
  });
}
