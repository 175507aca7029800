import { badInput, type FrostlineError } from '../errors.js';
import { parseSplit, reservedColumns, type DatasetRow, type FileRows, type Split } from './rows.js';

/**
 * Rows of a JSONL text: one object a line, with `sentence`, optionally `split`, and one field for each task. A task that is absent,
 * null or empty is not labelled. Numbers and booleans are labels too, as text.
 */
export function parseJsonl(text: string, source: string): FileRows {
  const tasks = new Set<string>();
  const rows: DatasetRow[] = [];
  const lines: number[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue;
    const fail = (message: string, cause?: unknown): FrostlineError =>
      badInput(`line ${index + 1}: ${message}`, { path: `line ${index + 1}`, source, cause });
    const row: DatasetRow = { sentence: '', split: 'train', labels: {} };
    const fields = parseObject(content, fail);
    if (typeof fields.sentence !== 'string') {
      throw fail(`expected a field "sentence" that is a text, got ${describe(fields.sentence)}`);
    }
    row.sentence = fields.sentence;
    row.split = readSplit(fields.split, fail);
    for (const [name, value] of Object.entries(fields)) {
      if (reservedColumns.includes(name)) continue;
      tasks.add(name);
      if (value === null) continue;
      if (!['string', 'number', 'boolean'].includes(typeof value)) {
        throw fail(`${name}: expected a label that is a text, got ${describe(value)}`);
      }
      const label = String(value);
      if (label.trim() !== '') row.labels[name] = label;
    }
    rows.push(row);
    lines.push(index + 1);
  }
  return { tasks: [...tasks], rows, lines };
}

type Fail = (message: string, cause?: unknown) => FrostlineError;

function parseObject(content: string, fail: Fail): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw fail('expected a JSON object', error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw fail(`expected a JSON object, got ${describe(value)}`);
  }
  return value as Record<string, unknown>;
}

function readSplit(value: unknown, fail: Fail): Split {
  const split =
    value === undefined || value === null
      ? 'train'
      : typeof value === 'string'
        ? parseSplit(value)
        : undefined;
  if (split === undefined) throw fail(`split: expected train, validation or test, got ${describe(value)}`);
  return split;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
