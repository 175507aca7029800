import { fieldNames } from './names.js';

/** The parts of a zod issue that its explanation needs. */
interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly input?: unknown;
}

/** What is wrong with a field: one line that begins with its path. */
export interface Explained {
  message: string;
  path: string;
}

/**
 * Turns what zod found into one line: the field's path, what was expected there, and what there was.
 * @param fields the schema that it was checked against
 */
export function explainIssue(issue: Issue, fields: unknown): Explained {
  const meant = issue.code === 'invalid_union' ? meantBranch(issue) : undefined;
  if (meant !== undefined) return explainIssue(meant, fields);
  const path = formatPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const [key] = (issue as unknown as { keys: string[] }).keys;
    const known = fieldNames(fields, issue.path);
    const full = formatPath([...issue.path, key]);
    return { message: `${full}: unknown field, expected one of ${known.join(', ')}`, path: full };
  }
  const told = issue.input === undefined ? 'nothing' : render(issue.input);
  return { message: `${path === '' ? 'definition' : path}: ${expectation(issue)}, got ${told}`, path };
}

/** The complaint of the alternative that the value looks like; undefined when it looks like none of them. */
function meantBranch(issue: Issue): Issue | undefined {
  const { errors } = issue as unknown as { errors: Issue[][] };
  const first = errors.flatMap(([found]) =>
    found === undefined || (found.code === 'invalid_type' && found.path.length === 0) ? [] : found,
  )[0];
  return first && { ...first, path: [...issue.path, ...first.path] };
}

/** `['training', 'learningRate']` as `training.learningRate`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

/** A value for a message: JSON, cut short. */
export function render(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const json = jsonOf(value);
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}

/** What is no JSON, or is nested without end, is told by its kind. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value === 'object' ? 'an object that cannot be written as JSON' : String(value);
  }
}

function expectation(issue: Issue): string {
  const details = issue as unknown as Record<string, unknown>;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${typeName(String(details.expected))}`;
    case 'invalid_value':
      return `expected one of ${(details.values as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return `expected ${bound(details.origin, 'minimum' in details ? details.minimum : 0, details.inclusive ? 'at least' : 'greater than')}`;
    case 'too_big':
      return `expected ${bound(details.origin, details.maximum, details.inclusive ? 'at most' : 'less than')}`;
    default:
      return issue.message;
  }
}

function typeName(type: string): string {
  switch (type) {
    case 'int':
      return 'a whole number';
    case 'string':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
    case 'record':
      return 'an object';
    default:
      return `a ${type}`;
  }
}

function bound(origin: unknown, limit: unknown, comparison: string): string {
  switch (origin) {
    case 'string':
      return limit === 1 ? 'a text that is not empty' : `a text of ${comparison} ${String(limit)} characters`;
    case 'array':
      return `a list of ${comparison} ${String(limit)}`;
    case 'int':
      return `a whole number of ${comparison} ${String(limit)}`;
    default:
      return `a number ${comparison === 'at least' || comparison === 'at most' ? `of ${comparison}` : comparison} ${String(limit)}`;
  }
}
