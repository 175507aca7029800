import { higherIsBetter } from '../metrics/direction.js';
import { quote, type WordPart } from './tokens.js';
import {
  type Field,
  flagFields,
  metricValues,
  type MetricValue,
  numberFields,
  type Operator,
  textFields,
  timeFields,
} from './tree.js';

/** Settings that need no `setting.` before them. */
const settingRoots = ['model', 'dataset', 'tasks', 'freeze', 'training', 'initialWeights'];

const plainFields = new Map<string, Field>([
  ['state', { kind: 'state' }],
  ['tag', { kind: 'tag' }],
  ...textFields.map((name): [string, Field] => [name, { kind: 'text', name }]),
  ...numberFields.map((name): [string, Field] => [name, { kind: 'number', name }]),
  ...flagFields.map((name): [string, Field] => [name, { kind: 'flag', name }]),
  ...timeFields.map((name): [string, Field] => [name, { kind: 'time', name }]),
]);

/** Names of the fields that are the same for all runs; settings and metrics come on top. */
export const plainFieldNames: readonly string[] = [...plainFields.keys()];

/** The field that a word names, or what is wrong with it. */
export function fieldOf(parts: readonly WordPart[]): Field | { complaint: string } {
  const bare = parts.every(({ quoted }) => !quoted);
  const name = parts.map(({ text }) => text).join('.');
  const plain = bare ? plainFields.get(name) : undefined;
  if (plain !== undefined) return plain;
  const [{ text: root, quoted } = { text: '', quoted: false }, ...rest] = parts;
  if (quoted) return unknownField(name);
  if (parts.some((part) => part.text === '' && !part.quoted))
    return { complaint: `expected a name on both sides of each dot, got ${name}` };
  if (root === 'metric') return metricOf(rest);
  const path = (root === 'setting' ? rest : parts).map(({ text }) => text);
  if (root === 'setting' && path.length === 0)
    return { complaint: 'expected the path of a setting, such as setting.training.learningRate' };
  if (root === 'setting' || settingRoots.includes(root)) return { kind: 'setting', path };
  return unknownField(name);
}

function metricOf(parts: readonly WordPart[]): Field | { complaint: string } {
  const final = parts.at(-1);
  const of = metricValues.find((value) => parts.length > 1 && !final!.quoted && value === final!.text);
  const name = (of === undefined ? parts : parts.slice(0, -1)).map(({ text }) => text).join('.');
  if (name === '') return { complaint: 'expected the name of a metric, such as metric.validation/loss' };
  return { kind: 'metric', name, of: of ?? 'last' };
}

function unknownField(name: string): { complaint: string } {
  const known = [...plainFieldNames, 'metric.<name>', 'setting.<path>'].join(', ');
  return { complaint: `expected a field (${known}), got ${name.slice(0, 100)}` };
}

/** Writes a field so that it reads as the same field. */
export function printField(field: Field): string {
  switch (field.kind) {
    case 'state':
    case 'tag':
      return field.kind;
    case 'text':
    case 'number':
    case 'flag':
    case 'time':
      return field.name;
    case 'metric': {
      const of: MetricValue = field.of;
      return `metric.${printPart(field.name)}${of === 'last' ? '' : `.${of}`}`;
    }
    case 'setting': {
      const path = field.path.map(printPart).join('.');
      const isShort = settingRoots.includes(field.path[0]!) && !plainFields.has(path);
      return isShort ? path : `setting.${path}`;
    }
  }
}

function printPart(text: string): string {
  return /^[\p{L}\p{N}_/@:%+-]+$/u.test(text) ? text : quote(text);
}

const ordered: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>='];
const textual: readonly Operator[] = ['=', '!=', '~'];

/** The operators that say something about a field, `in` aside, which all take. */
export function operatorsOf(field: Field): readonly Operator[] {
  switch (field.kind) {
    case 'state':
    case 'flag':
      return ['=', '!='];
    case 'tag':
    case 'text':
      return textual;
    case 'number':
    case 'time':
    case 'metric':
      return ordered;
    case 'setting':
      return [...ordered, '~'];
  }
}

/** Says what is wrong with a field as it is, or null. */
export function fieldComplaint(field: Field): string | null {
  if (field.kind === 'metric' && field.of === 'best' && higherIsBetter(field.name) === null)
    return `expected min or max: the name ${field.name} does not tell which is best`;
  return null;
}
