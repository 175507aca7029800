/** The numbers behind a chart or a card, as a table to read or to take elsewhere. */

export type Cell = string | number | null;

export interface TableData {
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/**
 * A cell of a CSV file. Text that a spreadsheet would take for a formula is put behind an apostrophe: names come from whoever
 * logs a run.
 */
function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table as CSV with a heading, as RFC 4180 has it. */
export function toCsv({ columns, rows }: TableData): string {
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/** A table as a list of objects. JSON knows neither NaN nor infinities: they become text. */
export function toJson({ columns, rows }: TableData): string {
  const objects = rows.map((row) =>
    Object.fromEntries(
      columns.map((column, index) => {
        const cell = row[index] ?? null;
        return [column, typeof cell === 'number' && !Number.isFinite(cell) ? String(cell) : cell];
      }),
    ),
  );
  return `${JSON.stringify(objects, null, 2)}\n`;
}

/** A file's name made of a title: what every file system takes. */
export function fileName(title: string, extension: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/[^\p{Letter}\p{Number}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 80);
  return `${plain || 'frostline'}.${extension}`;
}
