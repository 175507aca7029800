export type Split = 'train' | 'validation' | 'test';

export const splits: readonly Split[] = ['train', 'validation', 'test'];

/** One sentence, the split it belongs to, and its label for each task. A task that is absent is unlabelled. */
export interface DatasetRow {
  sentence: string;
  split: Split;
  labels: Record<string, string>;
}

/** A row as a file has it: its split is null where the file does not say. */
export type FileRow = Omit<DatasetRow, 'split'> & { split: Split | null };

/** Receives the rows of a file in their order, and what is wrong with those that are none, with the line each begins on. */
export interface RowSink {
  row(row: FileRow, line: number): void;
  fault(line: number, message: string): void;
}

/** Reads rows from text as it arrives. */
export interface RowParser {
  /** The columns of labels that have been met. */
  readonly tasks: readonly string[];
  push(text: string): void;
  end(): void;
}

/** Columns that are not tasks. */
export const reservedColumns: readonly string[] = ['sentence', 'split'];

/** Columns of labels that a dataset has at most. */
export const mostTasks = 200;

const longestTaskName = 200;

const splitNames = new Map<string, Split | null>([
  ['', null],
  ['train', 'train'],
  ['training', 'train'],
  ['validation', 'validation'],
  ['valid', 'validation'],
  ['val', 'validation'],
  ['dev', 'validation'],
  ['test', 'test'],
]);

/** The split that a cell of the `split` column names, whatever its case: null when it is empty, undefined when it names none. */
export function parseSplit(text: string): Split | null | undefined {
  return splitNames.get(text.trim().toLowerCase());
}

/** What is wrong with the name of a column of labels, or null. */
export function taskNameFault(name: string): string | null {
  const isName =
    name !== '' && name.length <= longestTaskName && name !== '__proto__' && !name.includes('\0');
  return isName
    ? null
    : `expected columns with a name of at most ${longestTaskName} characters, got ${JSON.stringify(name.slice(0, 60))}`;
}
