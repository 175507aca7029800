import type { DatasetFormat } from './datasetReader.js';
import type { DatasetRow } from './rows.js';

/** Writes rows as a file of a format has them; reading them again gives the same rows. */
export interface RowWriter {
  /** What the file begins with. */
  header: string;
  write(row: DatasetRow): string;
}

export function rowWriter(tasks: readonly string[], format: DatasetFormat): RowWriter {
  if (format === 'jsonl') return { header: '', write: (row) => jsonLine(row, tasks) };
  const delimiter = format === 'tsv' ? '\t' : ',';
  return {
    header: delimitedLine(['sentence', 'split', ...tasks], delimiter),
    write: (row) =>
      delimitedLine([row.sentence, row.split, ...tasks.map((task) => labelOf(row, task) ?? '')], delimiter),
  };
}

function labelOf({ labels }: DatasetRow, task: string): string | undefined {
  return Object.hasOwn(labels, task) ? labels[task] : undefined;
}

/** Written field by field: objects put names that are numbers first. */
function jsonLine(row: DatasetRow, tasks: readonly string[]): string {
  const fields = [
    ['sentence', row.sentence],
    ['split', row.split],
    ...tasks.flatMap((task) => {
      const label = labelOf(row, task);
      return label === undefined ? [] : [[task, label]];
    }),
  ];
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}\n`;
}

function delimitedLine(cells: readonly string[], delimiter: string): string {
  const quoted = cells.map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${quoted.join(delimiter)}\n`;
}
