import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { parseDefinition } from '../../experiments/schema/definition.js';
import { type Database } from '../../server/db/database.js';
import { type Run, type RunState } from '../../server/db/generated/client.js';
import { operatorsOf } from '../../server/query/fields.js';
import {
  type Comparison,
  type Condition,
  type Field,
  type Operator,
  type Scalar,
} from '../../server/query/tree.js';
import { compare, isOneOf } from '../../server/query/values.js';
import { type OrderField, type RunOrder } from '../../server/runs/runOrder.js';
import { conditionsOf } from './conditions.js';
import { insertRun, sampleDefinition } from './factories.js';

/** A metric of a run; NaN and infinities are not among min and max. */
interface Metric {
  last: number;
  min: number | null;
  max: number | null;
}

/** A run of the little world that conditions are tried on. */
export interface WorldRun {
  run: Run;
  experiment: string | null;
  /** Of the newest attempt. */
  worker: string | null;
  metrics: Record<string, Metric>;
}

function definitionOf(name: string): object {
  return parseDefinition(sampleDefinition({ name, dataset: 'sample@1' })).definition;
}

/** Runs that differ in everything that can be asked for: values that are missing, null, of another type, or not numbers. */
export async function createWorld(database: Database): Promise<WorldRun[]> {
  const experiments = await Promise.all(
    ['Alpha', 'beta'].map((name) =>
      database.prisma.experiment.create({
        data: { id: randomUUID(), name, definition: definitionOf(name), definitionDigest: name },
      }),
    ),
  );
  const states: RunState[] = ['FINISHED', 'FAILED', 'RUNNING'];
  const learningRates = [1e-5, 2e-5, 0.001, '2e-5', null, undefined, true, [1e-5, 'x']];
  const presets = ['full', 'head-only', null];
  const workers = await Promise.all(
    ['alice', 'Bob'].map((name) =>
      database.prisma.worker.create({ data: { id: randomUUID(), name, state: 'STOPPED' } }),
    ),
  );
  /** None, one or two, the last of which may have no worker; says its name. */
  const addAttempts = async (runId: string): Promise<string | null> => {
    const takenBy = [[], [workers[0]!], [workers[0]!, workers[1]!], [workers[1]!, null]][world.length % 4]!;
    for (const [index, worker] of takenBy.entries())
      await database.prisma.attempt.create({
        data: { runId, number: index + 1, state: 'FINISHED', workerId: worker?.id ?? null },
      });
    return takenBy.at(-1)?.name ?? null;
  };
  const world: WorldRun[] = [];
  for (let index = 0; index < 48; index += 1) {
    const experiment = [...experiments, null][index % 3]!;
    const startedAt = index % 4 === 0 ? null : new Date(Date.UTC(2026, 0, 1 + (index % 5)));
    const run = await insertRun(database, {
      name: ['Run A', 'run b', 'RUN %_\\c', 'größe'][index % 4]!,
      note: [null, '', 'to do', 'it\'s "so"'][(index >> 1) % 4]!,
      state: states[index % 3]!,
      experimentId: experiment?.id ?? null,
      seed: index % 5,
      priority: (index % 4) - 1,
      pruned: index % 6 === 1,
      pauseRequestedAt: index % 5 === 2 ? new Date(0) : null,
      tags: [[], ['best'], ['best', 'to do'], ['Best of all']][(index >> 2) % 4]!,
      definition: {
        training: { learningRate: learningRates[index % 8], shuffle: index % 2 === 0 },
        'odd "key"': { '0': index % 3 },
        list: [index % 3, 'x'],
      } as object,
      createdAt: new Date(Date.UTC(2026, 0, 1 + (index % 7))),
      startedAt,
      finishedAt: startedAt && (index % 5 === 0 ? null : new Date(startedAt.getTime() + (index % 6) * 1500)),
    });
    const preset = presets[index % 3];
    await database.pool.query('UPDATE run SET "freeze" = $2 WHERE id = $1', [
      run.id,
      JSON.stringify({
        ...(run.freeze as object),
        preset,
        label: preset ?? 'by hand',
        trainableShare: (index % 4) / 4,
      }),
    ]);
    const metrics: Record<string, Metric> = {};
    if (index % 4 !== 3) metrics['validation/loss'] = metricOf([0.5, 1, NaN, 2, Infinity][index % 5]!);
    if (index % 3 !== 2) metrics['any "name"'] = metricOf([1, 1, 2, -1][index % 4]!);
    for (const [name, { last, min, max }] of Object.entries(metrics)) {
      await database.pool.query(
        `INSERT INTO metric_summary (run_id, name, count, non_finite, last, last_step, min, min_step, max, max_step)
         VALUES ($1, $2, 1, 0, $3, 1, $4, 1, $5, 1)`,
        [run.id, name, last, min, max],
      );
    }
    const stored = await database.prisma.run.findUniqueOrThrow({ where: { id: run.id } });
    const worker = await addAttempts(run.id);
    world.push({ run: stored, experiment: experiment?.name ?? null, worker, metrics });
  }
  return world;
}

function metricOf(last: number): Metric {
  const isFinite = Number.isFinite(last);
  return { last, min: isFinite ? last - 0.5 : null, max: isFinite ? last + 0.5 : null };
}

/** The value of a field in a run, by reading it plainly; undefined when it is not there. */
export function valueOf({ run, experiment, worker, metrics }: WorldRun, field: OrderField): unknown {
  const freeze = run.freeze as { label: string; preset: string | null; trainableShare: number };
  const seconds = (from: Date | null, to: Date | null) =>
    from && to && (to.getTime() - from.getTime()) / 1000;
  const missing = <Value>(value: Value | null) => (value === null ? undefined : value);
  switch (field.kind) {
    case 'state':
      return run.state;
    case 'text':
      switch (field.name) {
        case 'name':
          return run.name;
        case 'note':
          return missing(run.note);
        case 'experiment':
          return missing(experiment);
        case 'freeze.preset':
          return missing(freeze.preset);
        case 'freeze.regime':
          return freeze.preset ?? (freeze.trainableShare === 0 ? 'frozen' : 'partial');
        case 'freeze.label':
          return freeze.label;
        case 'worker':
          return missing(worker);
      }
      break;
    case 'number':
      switch (field.name) {
        case 'seed':
          return run.seed;
        case 'priority':
          return run.priority;
        case 'trainable':
          return freeze.trainableShare;
        case 'duration':
          return missing(seconds(run.startedAt, run.finishedAt));
      }
      break;
    case 'flag':
      return field.name === 'paused' ? run.pauseRequestedAt !== null : run.pruned;
    case 'time':
      switch (field.name) {
        case 'created':
          return run.createdAt.toISOString();
        case 'started':
          return missing(run.startedAt)?.toISOString();
        case 'finished':
          return missing(run.finishedAt)?.toISOString();
      }
      break;
    case 'metric': {
      const metric = metrics[field.name];
      const best = field.name === 'validation/loss' ? 'min' : 'max';
      return missing(metric?.[field.of === 'best' ? best : field.of] ?? null);
    }
    case 'setting':
      return missing(
        field.path.reduce<unknown>(
          (json, key) => (json as Record<string, unknown> | undefined)?.[key],
          run.definition,
        ),
      );
  }
  throw new Error('every field has a value');
}

/** Whether a condition holds for a run, by the letter of the documentation. */
export function holds(condition: Condition, run: WorldRun): boolean {
  switch (condition.kind) {
    case 'constant':
      return condition.value;
    case 'and':
      return condition.of.every((child) => holds(child, run));
    case 'or':
      return condition.of.some((child) => holds(child, run));
    case 'not':
      return !holds(condition.of, run);
    case 'in':
      return condition.values.some((value) => holdsOne(condition.field, '=', value, run));
    case 'compare':
      return holdsOne(condition.field, condition.operator, condition.value, run);
  }
}

function holdsOne(field: Field, operator: Operator, wanted: Scalar | null, run: WorldRun): boolean {
  if (field.kind === 'tag') {
    const { tags } = run.run;
    if (wanted === null) return (operator === '=') === (tags.length === 0);
    if (operator === '~') return tags.some((tag) => contains(tag, wanted));
    return (operator === '=') === tags.includes(wanted as string);
  }
  const value = valueOf(run, field);
  if (wanted === null) return (operator === '=') === (value === undefined);
  if (value === undefined || value === null) return false;
  const equal = Object.is(value, wanted) || (Array.isArray(value) && value.includes(wanted));
  switch (operator) {
    case '=':
      return equal;
    case '!=':
      return !equal;
    case '~':
      return contains(typeof value === 'string' ? value : jsonText(value), wanted);
    case '<':
    case '<=':
    case '>':
    case '>=': {
      if (typeof value !== typeof wanted) return false;
      if (operator === '<') return value < wanted;
      if (operator === '<=') return value <= wanted || Object.is(value, wanted);
      return operator === '>' ? value > wanted : value >= wanted || Object.is(value, wanted);
    }
  }
}

function contains(text: string, wanted: Scalar): boolean {
  return text.toLowerCase().includes(String(wanted).toLowerCase());
}

/** As Postgres writes JSON: a space after a comma, and numbers without exponents. */
function jsonText(value: unknown): string {
  if (Array.isArray(value))
    return `[${value.map((item) => (typeof item === 'string' ? JSON.stringify(item) : jsonText(item))).join(', ')}]`;
  return typeof value === 'number' ? value.toFixed(20).replace(/\.?0+$/, '') : String(value);
}

const worldFields: Exclude<Field, { kind: 'tag' }>[] = [
  { kind: 'state' },
  ...(
    ['name', 'note', 'experiment', 'freeze.preset', 'freeze.regime', 'freeze.label', 'worker'] as const
  ).map((name) => ({
    kind: 'text' as const,
    name,
  })),
  ...(['seed', 'trainable', 'duration', 'priority'] as const).map((name) => ({
    kind: 'number' as const,
    name,
  })),
  ...(['paused', 'pruned'] as const).map((name) => ({ kind: 'flag' as const, name })),
  ...(['created', 'started', 'finished'] as const).map((name) => ({ kind: 'time' as const, name })),
  ...(['last', 'min', 'max', 'best'] as const).map((of) => ({
    kind: 'metric' as const,
    name: 'validation/loss',
    of,
  })),
  { kind: 'metric', name: 'any "name"', of: 'last' },
  { kind: 'metric', name: 'nowhere', of: 'max' },
  ...[
    ['training', 'learningRate'],
    ['training', 'shuffle'],
    ['odd "key"', '0'],
    ['list', '0'],
    ['list'],
    ['none'],
  ].map((path) => ({ kind: 'setting' as const, path })),
];

/** Comparisons of the world's fields with values that are in it, or next to them. */
export function worldComparisons(): fc.Arbitrary<Comparison> {
  const numbers = fc.constantFrom(-1, 0, 0.25, 0.5, 1, 1.5, 2, 3, 4.5, 1e-5, 2e-5);
  const texts = fc.constantFrom(
    'run b',
    'a',
    'RUN',
    '%',
    '_',
    '\\',
    '',
    'beta',
    'head-only',
    'best',
    'to do',
    '"',
    'x',
    '2e-5',
    'GRÖ',
    'bob',
    'alice',
    '0.5',
  );
  const days = fc.integer({ min: 1, max: 8 }).map((day) => new Date(Date.UTC(2026, 0, day)).toISOString());
  const scalars = ({ kind }: Field): fc.Arbitrary<Scalar> => {
    switch (kind) {
      case 'state':
        return fc.constantFrom('FINISHED', 'FAILED', 'RUNNING', 'LOST');
      case 'tag':
      case 'text':
        return texts;
      case 'number':
        return numbers;
      case 'flag':
        return fc.boolean();
      case 'time':
        return days;
      case 'metric':
        return fc.oneof(numbers, fc.constantFrom(NaN, Infinity, -Infinity));
      case 'setting':
        return fc.oneof(numbers, texts, fc.boolean());
    }
  };
  return fc.constantFrom<Field>(...worldFields, { kind: 'tag' }).chain((field) =>
    fc
      .oneof(
        fc
          .tuple(fc.constantFrom(...operatorsOf(field)), fc.option(scalars(field), { freq: 8 }))
          .map(([operator, value]) => compare(field, operator, value)),
        fc.array(scalars(field), { minLength: 1, maxLength: 3 }).map((values) => isOneOf(field, values)),
      )
      .filter((made): made is Comparison => !('complaint' in made)),
  );
}

/** Conditions on the world's fields. */
export function worldConditions(): fc.Arbitrary<Condition> {
  return conditionsOf(worldComparisons());
}

/** Orders by some of the world's fields. */
export function worldOrders(): fc.Arbitrary<RunOrder[]> {
  const keys = fc.record({ by: fc.constantFrom<OrderField>(...worldFields), descending: fc.boolean() });
  return fc.array(keys, { maxLength: 3 });
}
