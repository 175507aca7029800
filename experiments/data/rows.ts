export type Split = 'train' | 'validation' | 'test';

export const splits: readonly Split[] = ['train', 'validation', 'test'];

/** One sentence, the split it belongs to, and its label for each task. A task that is absent is unlabelled. */
export interface DatasetRow {
  sentence: string;
  split: Split;
  labels: Record<string, string>;
}

/** What reading a file gives: the rows, the tasks they may carry, and the line each row began on. */
export interface FileRows {
  tasks: string[];
  rows: DatasetRow[];
  lines: number[];
}

/** Columns that are not tasks. */
export const reservedColumns: readonly string[] = ['sentence', 'split'];

const splitNames = new Map<string, Split>([
  ['', 'train'],
  ['train', 'train'],
  ['training', 'train'],
  ['validation', 'validation'],
  ['valid', 'validation'],
  ['val', 'validation'],
  ['dev', 'validation'],
  ['test', 'test'],
]);

/** The split that a cell of the `split` column names, whatever its case; undefined when it names none. */
export function parseSplit(text: string): Split | undefined {
  return splitNames.get(text.trim().toLowerCase());
}
