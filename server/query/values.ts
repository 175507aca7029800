import { fieldComplaint, operatorsOf, printField } from './fields.js';
import { type Text, type Word } from './tokens.js';
import { type Comparison, type Field, limits, type Operator, type Scalar } from './tree.js';

export const runStates = ['QUEUED', 'STARTING', 'RUNNING', 'FINISHED', 'FAILED', 'CANCELLED', 'LOST'];

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/i;
const notFinite: Record<string, number> = {
  nan: NaN,
  inf: Infinity,
  infinity: Infinity,
  '-inf': -Infinity,
  '-infinity': -Infinity,
};
const secondsIn: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** What values a field takes, as messages and completions say it. */
export function expectedValue(field: Field): string {
  switch (field.kind) {
    case 'state':
      return `a state (${runStates.join(', ')})`;
    case 'tag':
    case 'text':
      return 'a text';
    case 'number':
      if (field.name === 'duration') return 'a number of seconds, or such as 90s, 5m, 2h, 1d';
      return field.name === 'trainable' ? 'a share such as 0.05 or 5%' : 'a number';
    case 'flag':
      return 'true or false';
    case 'time':
      return 'a time such as 2026-01-31 or "2026-01-31T12:00:00Z"';
    case 'metric':
      return 'a number, NaN or Infinity';
    case 'setting':
      return 'a text, a number, true or false';
  }
}

/** The value that a token stands for beside a field; undefined when it is none that the field takes. */
export function readValue(field: Field, token: Word | Text): Scalar | undefined {
  const text = token.kind === 'string' ? token.text : token.raw;
  const isBare = token.kind === 'word';
  if (isBare && token.parts.some(({ quoted }) => quoted)) return undefined;
  switch (field.kind) {
    case 'tag':
    case 'text':
      return text;
    case 'state':
    case 'time':
      return normalScalar(field, text);
    case 'number':
    case 'metric':
      return isBare ? readNumber(field, text) : undefined;
    case 'flag':
      return isBare ? readFlag(text) : undefined;
    case 'setting':
      if (!isBare) return text;
      if (NUMBER.test(text)) return normalScalar(field, Number(text));
      return readFlag(text) ?? text;
  }
}

function readFlag(text: string): boolean | undefined {
  return /^(?:true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined;
}

function readNumber(field: Field, text: string): Scalar | undefined {
  if (NUMBER.test(text)) return normalScalar(field, Number(text));
  const special = notFinite[text.toLowerCase()];
  if (special !== undefined) return normalScalar(field, special);
  const [count, unit] = [text.slice(0, -1), text.slice(-1).toLowerCase()];
  if (!NUMBER.test(count)) return undefined;
  const isShare = field.kind === 'metric' || (field.kind === 'number' && field.name === 'trainable');
  if (unit === '%' && isShare) return normalScalar(field, Number(count) / 100);
  if (field.kind === 'number' && field.name === 'duration' && unit in secondsIn)
    return normalScalar(field, Number(count) * secondsIn[unit]!);
  return undefined;
}

/** A value in the one form that stands for it in a tree, or undefined when the field takes no such value. */
export function normalScalar(field: Field, value: Scalar): Scalar | undefined {
  switch (field.kind) {
    case 'state': {
      const state = String(value).toUpperCase();
      return runStates.includes(state) ? state : undefined;
    }
    case 'tag':
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'time':
      return typeof value === 'string' ? readTime(value) : undefined;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value + 0 : undefined;
    case 'metric':
      return typeof value === 'number' ? value + 0 : undefined;
    case 'flag':
      return typeof value === 'boolean' ? value : undefined;
    case 'setting':
      if (typeof value !== 'number') return value;
      return Number.isFinite(value) ? value + 0 : undefined;
  }
}

function readTime(text: string): string | undefined {
  if (!TIME.test(text)) return undefined;
  const date = text.slice(0, 10);
  const hasZone = text.length === 10 || /(?:Z|[+-]\d\d:\d\d)$/i.test(text);
  const time = new Date(hasZone ? text.toUpperCase() : `${text.toUpperCase()}Z`);
  // JavaScript takes February 31 for March 3.
  const day = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(time.getTime()) || Number.isNaN(day.getTime())) return undefined;
  if (day.toISOString().slice(0, 10) !== date) return undefined;
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9999 ? time.toISOString() : undefined;
}

/** A comparison of a field with a value, or what is wrong with it. */
export function compare(
  field: Field,
  operator: Operator,
  value: Scalar | null,
): Comparison | { complaint: string } {
  const complaint = fieldComplaint(field);
  if (complaint !== null) return { complaint };
  const possible = operatorsOf(field);
  if (!possible.includes(operator))
    return { complaint: `expected ${[...possible, 'in'].join(' ')} after ${printField(field)}` };
  if (value === null) {
    if (operator === '=' || operator === '!=') return { kind: 'compare', field, operator, value };
    return { complaint: `expected = or != before null, got ${operator}` };
  }
  const normal = normalScalar(field, value);
  if (normal === undefined) return { complaint: `expected ${expectedValue(field)}` };
  if (Number.isNaN(normal) && operator !== '=' && operator !== '!=')
    return { complaint: `expected = or != before NaN, got ${operator}` };
  if (field.kind === 'setting') {
    if (operator === '~' && typeof normal !== 'string') return { complaint: 'expected a text after ~' };
    if (/[<>]/.test(operator) && typeof normal !== 'number')
      return { complaint: `expected a number after ${operator}` };
  }
  return { kind: 'compare', field, operator, value: normal };
}

/** That a field has one of several values, or what is wrong with it. */
export function isOneOf(field: Field, values: readonly Scalar[]): Comparison | { complaint: string } {
  const complaint = fieldComplaint(field);
  if (complaint !== null) return { complaint };
  if (values.length === 0 || values.length > limits.values)
    return { complaint: `expected 1 to ${limits.values} values, got ${values.length}` };
  const normal: Scalar[] = [];
  for (const value of values) {
    const scalar = normalScalar(field, value);
    if (scalar === undefined) return { complaint: `expected ${expectedValue(field)}` };
    normal.push(scalar);
  }
  return { kind: 'in', field, values: normal };
}
