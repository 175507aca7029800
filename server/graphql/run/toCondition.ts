import { badInput, FrostlineError } from '../../../experiments/errors.js';
import { fieldComplaint } from '../../query/fields.js';
import { parseField, parseQuery } from '../../query/parseQuery.js';
import {
  allOf,
  anyOf,
  type Comparison,
  type Condition,
  exceededLimit,
  type Field,
  limits,
  type Operator,
  type Scalar,
} from '../../query/tree.js';
import { compare, isOneOf } from '../../query/values.js';
import { checkText } from '../../db/text.js';
import type { RunFilter } from './runFilterInput.js';

/** What a filter and a query come to together: the same tree, whichever way a condition was written; null for neither. */
export function toCondition(args: { where?: RunFilter | null; query?: string | null }): Condition | null {
  const conditions: Condition[] = [];
  if (args.where != null) conditions.push(fromFilter(args.where, 'where', 1));
  if (args.query != null && args.query.trim() !== '') conditions.push(parseQuery(args.query));
  if (conditions.length === 0) return null;
  const condition = allOf(conditions);
  const complaint = exceededLimit(condition);
  if (complaint !== null) throw badInput(`where: ${complaint}`, { path: 'where' });
  return condition;
}

function fromFilter(filter: RunFilter, place: string, depth: number): Condition {
  if (depth > limits.depth)
    throw badInput(`where: expected conditions nested at most ${limits.depth} deep`, { path: 'where' });
  const inner = (children: RunFilter[], name: string): Condition[] =>
    children.map((child, index) => fromFilter(child, `${place}.${name}.${index}`, depth + 1));
  const conditions: Condition[] = [];
  const add = (condition: Condition | null): void => {
    if (condition !== null) conditions.push(condition);
  };
  const single = (field: Field, name: string, operator: Operator, value: Scalar | null | undefined): void => {
    if (value != null) add(checked(compare(field, operator, value), `${place}.${name}`));
  };
  const several = (field: Field, name: string, filters: Operators | null | undefined): void => {
    if (filters != null) add(fromOperators(field, filters, `${place}.${name}`));
  };
  const list = (field: Field, name: string, values: string[] | null | undefined): void => {
    if (values != null) add(oneOf(field, values, `${place}.${name}`));
  };

  if (filter.and != null) add(allOf(inner(filter.and, 'and')));
  if (filter.or != null) add(anyOf(inner(filter.or, 'or')));
  if (filter.not != null) add({ kind: 'not', of: fromFilter(filter.not, `${place}.not`, depth + 1) });
  if (filter.query != null && filter.query.trim() !== '')
    add(within(`${place}.query`, () => parseQuery(filter.query!)));
  list({ kind: 'state' }, 'state', filter.state);
  single({ kind: 'text', name: 'experiment' }, 'experiment', '=', filter.experiment);
  single({ kind: 'tag' }, 'tag', '=', filter.tag);
  several({ kind: 'text', name: 'name' }, 'name', filter.name);
  several({ kind: 'text', name: 'note' }, 'note', filter.note);
  list({ kind: 'text', name: 'freeze.preset' }, 'freezePreset', filter.freezePreset);
  if (filter.setting != null) {
    const { path, ...conditions } = filter.setting;
    several(settingField(path, `${place}.setting.path`), 'setting', conditions as Operators);
  }
  if (filter.metric != null) {
    const { name, of, ...conditions } = filter.metric;
    several(metricField({ name, of }, `${place}.metric`), 'metric', conditions);
  }
  several({ kind: 'number', name: 'seed' }, 'seed', filter.seed);
  several({ kind: 'number', name: 'trainable' }, 'trainableShare', filter.trainableShare);
  several({ kind: 'number', name: 'duration' }, 'duration', filter.duration);
  const created: Field = { kind: 'time', name: 'created' };
  single(created, 'createdAfter', '>', isoOf(filter.createdAfter));
  single(created, 'createdBefore', '<', isoOf(filter.createdBefore));
  return allOf(conditions);
}

/** The operators of all filters; each filter type has those that its field takes. */
interface Operators {
  eq?: Scalar | null;
  ne?: Scalar | null;
  in?: readonly Scalar[] | null;
  contains?: string | null;
  lt?: number | null;
  lte?: number | null;
  gt?: number | null;
  gte?: number | null;
  special?: readonly string[] | null;
  isNull?: boolean | null;
}

const operatorNames = { eq: '=', ne: '!=', contains: '~', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;
const specials: Record<string, number> = { NaN, Infinity, '-Infinity': -Infinity };

function fromOperators(field: Field, filters: Operators, place: string): Condition {
  const conditions: Condition[] = [];
  for (const [name, operator] of Object.entries(operatorNames) as [keyof typeof operatorNames, Operator][]) {
    const value = filters[name];
    if (value != null)
      conditions.push(checked(compare(field, operator, scalarOf(value, place, name)), `${place}.${name}`));
  }
  if (filters.in != null) {
    const values = filters.in.map((value, index) => scalarOf(value, place, `in.${index}`));
    conditions.push(oneOf(field, values, `${place}.in`));
  }
  if (filters.special != null) {
    const values = filters.special.map((text) => specials[text] ?? text);
    conditions.push(oneOf(field, values, `${place}.special`));
  }
  if (filters.isNull != null)
    conditions.push(checked(compare(field, filters.isNull ? '=' : '!=', null), `${place}.isNull`));
  if (conditions.length === 0) {
    const path = place;
    throw badInput(`${path}: expected at least one comparison, such as eq or isNull`, { path });
  }
  return allOf(conditions);
}

/** JSON takes anything; what is compared is a text, a number or a boolean. */
function scalarOf(value: unknown, place: string, name: string): Scalar {
  const path = `${place}.${name}`;
  if (typeof value === 'string') return checkText(value, path, limits.length);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  throw badInput(`${path}: expected a text, a number or a boolean`, { path });
}

function oneOf(field: Field, values: readonly Scalar[], place: string): Comparison {
  for (const value of values) if (typeof value === 'string') checkText(value, place, limits.length);
  return checked(isOneOf(field, values), place);
}

function checked(comparison: Comparison | { complaint: string }, path: string): Comparison {
  if ('complaint' in comparison) throw badInput(`${path}: ${comparison.complaint}`, { path });
  if (comparison.kind === 'compare' && typeof comparison.value === 'string')
    checkText(comparison.value, path, limits.length);
  return comparison;
}

function isoOf(date: Date | null | undefined): string | null {
  return date == null ? null : date.toISOString();
}

/** The setting at a path as people write it. */
export function settingField(text: string, path: string): Field & { kind: 'setting' } {
  try {
    const field = parseField(`setting.${text}`);
    if (field.kind === 'setting') return field;
  } catch (error) {
    if (!(error instanceof FrostlineError)) throw error;
  }
  const expected = 'expected the path of a setting, such as training.learningRate, odd names in quotes';
  throw badInput(`${path}: ${expected}, got ${JSON.stringify(text.slice(0, 200))}`, { path });
}

/** A metric by its name. */
export function metricField(
  { name, of }: { name: string; of?: 'last' | 'min' | 'max' | 'best' | null },
  path: string,
): Field & { kind: 'metric' } {
  checkText(name, `${path}.name`, limits.length);
  const field = { kind: 'metric', name, of: of ?? 'last' } as const;
  const complaint = fieldComplaint(field);
  if (complaint !== null) throw badInput(`${path}.of: ${complaint}`, { path: `${path}.of` });
  return field;
}

/** Errors of a query that is a field of a filter, told as errors of that field. */
function within<Result>(path: string, parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof FrostlineError)) throw error;
    const message = error.message.replace(/^query/, path);
    throw new FrostlineError(error.code, message, { path, column: error.column, cause: error });
  }
}
