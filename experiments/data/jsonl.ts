import { encodingFault, halfPairFault } from './byteDecoder.js';
import {
  mostTasks,
  parseSplit,
  reservedColumns,
  taskNameFault,
  type FileRow,
  type RowParser,
  type RowSink,
} from './rows.js';

/** Longest line, in characters. */
const longestLine = 1 << 20;

/**
 * Rows of a JSONL text: one object a line, with `sentence`, optionally `split`, and one field for each task. A task that is absent,
 * null or empty is not labelled. Numbers and booleans are labels too, as text.
 */
export class JsonlRows implements RowParser {
  private readonly met = new Set<string>();
  private buffer = '';
  private line = 1;
  /** The rest of an overlong line is being passed over. */
  private skipping = false;

  constructor(private readonly sink: RowSink) {}

  get tasks(): string[] {
    return [...this.met];
  }

  push(text: string): void {
    this.buffer += text;
    let from = 0;
    for (let end = this.buffer.indexOf('\n'); end !== -1; end = this.buffer.indexOf('\n', from)) {
      this.readLine(this.buffer.slice(from, end));
      this.line++;
      from = end + 1;
    }
    this.buffer = this.buffer.slice(from);
    if (this.buffer.length <= longestLine) return;
    this.readLine(this.buffer);
    this.skipping = true;
    this.buffer = '';
  }

  end(): void {
    this.readLine(this.buffer);
  }

  private readLine(content: string): void {
    const isRest = this.skipping;
    this.skipping = false;
    if (isRest || content.trim() === '') return;
    const row: FileRow = { sentence: '', split: null, labels: {} };
    const fault = encodingFault(content) ?? lengthFault(content) ?? this.readInto(row, content);
    if (fault === null) this.sink.row(row, this.line);
    else this.sink.fault(this.line, fault);
  }

  /** Fills the row; what is wrong with the line is returned. */
  private readInto(row: FileRow, content: string): string | null {
    const fields = parseObject(content);
    if (typeof fields === 'string') return fields;
    const { sentence, split } = fields;
    if (typeof sentence !== 'string')
      return `expected a field "sentence" that is a text, got ${describe(sentence)}`;
    row.sentence = sentence;
    if (split !== undefined && split !== null) {
      const parsed = typeof split === 'string' ? parseSplit(split) : undefined;
      if (parsed === undefined) return `split: expected train, validation or test, got ${describe(split)}`;
      row.split = parsed;
    }
    for (const [name, value] of Object.entries(fields)) {
      const fault = reservedColumns.includes(name) ? null : this.readLabel(row, name, value);
      if (fault !== null) return fault;
    }
    return halfPairFault([sentence, ...Object.values(row.labels)].join(' '));
  }

  private readLabel({ labels }: FileRow, name: string, value: unknown): string | null {
    if (!this.met.has(name)) {
      const fault = taskNameFault(name) ?? halfPairFault(name);
      if (fault !== null) return fault;
      if (this.met.size === mostTasks)
        return `expected at most ${mostTasks} fields of labels in all, got ${JSON.stringify(name)} as well`;
      this.met.add(name);
    }
    if (value === null) return null;
    if (!['string', 'number', 'boolean'].includes(typeof value))
      return `${name}: expected a label that is a text, got ${describe(value)}`;
    const isInexact = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
    if (isInexact || value === Infinity || value === -Infinity)
      return `${name}: expected a number that is exact, or a text in quotes, got ${String(value)}`;
    const label = String(value);
    if (label.trim() !== '') labels[name] = label;
    return null;
  }
}

function lengthFault({ length }: string): string | null {
  return length > longestLine ? `expected at most ${longestLine} characters in a line` : null;
}

function parseObject(content: string): Record<string, unknown> | string {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return 'expected a JSON object';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `expected a JSON object, got ${describe(value)}`;
  return value as Record<string, unknown>;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  let json: string;
  try {
    json = JSON.stringify(value);
  } catch {
    return 'something that is nested very deeply';
  }
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
