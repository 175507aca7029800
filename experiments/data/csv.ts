import { CsvError, parse, type Options } from 'csv-parse/sync';

import { badInput, type FrostlineError } from '../errors.js';
import { parseSplit, reservedColumns, type DatasetRow, type FileRows } from './rows.js';

interface CsvRow {
  cells: string[];
  /** Line it begins on. */
  line: number;
}

/**
 * Rows of a CSV text with a header: the column `sentence`, optionally `split`, and one column for each task, whose empty cells mean
 * "not labelled". Quotes follow RFC 4180; as in Python's csv module, a quote inside an unquoted cell is a character like another.
 */
export function parseCsv(
  text: string,
  { source, delimiter = ',' }: { source: string; delimiter?: string },
): FileRows {
  const [header, ...body] = readRows(text, source, delimiter);
  if (header === undefined)
    throw atLine(1, 'expected a header with the column "sentence", got an empty file', source);
  const columns = header.cells;
  const duplicate = columns.find((column, index) => columns.indexOf(column) !== index);
  if (duplicate !== undefined) {
    throw atLine(header.line, `expected columns that differ, got ${JSON.stringify(duplicate)} twice`, source);
  }
  if (!columns.includes('sentence')) {
    const names = columns.map((column) => JSON.stringify(column)).join(', ');
    throw atLine(header.line, `expected a column "sentence", got ${names}`, source);
  }

  const rows = body.map(({ cells, line }) => {
    if (cells.length !== columns.length) {
      throw atLine(line, `expected ${columns.length} cells, as in the header, got ${cells.length}`, source);
    }
    const row: DatasetRow = { sentence: '', split: 'train', labels: {} };
    for (const [index, column] of columns.entries()) {
      const cell = cells[index];
      if (column === 'sentence') row.sentence = cell;
      else if (column === 'split') row.split = parseSplit(cell) ?? rejectSplit(cell, line, source);
      else if (cell.trim() !== '') row.labels[column] = cell;
    }
    return row;
  });
  const tasks = columns.filter((column) => !reservedColumns.includes(column));
  return { tasks, rows, lines: body.map(({ line }) => line) };
}

type RawRecord = { record: string[]; raw: string };

/** csv-parse's records with the line each begins on, which it does not tell itself. */
function readRows(text: string, source: string, delimiter: string): CsvRow[] {
  const options = {
    delimiter,
    raw: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true, // counted later, where the line is known
    relax_quotes: true,
    skip_empty_lines: true,
  } satisfies Options;
  const read = (input: string, more: Options = {}): RawRecord[] =>
    parse(input, { ...options, ...more }) as unknown as RawRecord[];
  let records: RawRecord[];
  try {
    records = read(text);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const good = Number(error.records);
    const textLines = text.split(/\r\n|\n|\r/);
    let line = withLines(good === 0 ? [] : read(text, { to: good })).nextLine;
    while (line < textLines.length && textLines[line - 1] === '') line++;
    throw atLine(line, describe(error), source, error);
  }
  const { rows } = withLines(records);
  for (const [index, { cells, line }] of rows.entries()) {
    // Relaxed quotes also let a quote that closes in mid-cell pass, and with it one that was never closed on its own line.
    if (!cells.some((cell) => cell.startsWith('"'))) continue;
    try {
      read(records[index].raw, { relax_quotes: false });
    } catch (error) {
      throw atLine(line, 'expected a closing quote at the end of a quoted cell', source, error);
    }
  }
  return rows;
}

function withLines(records: RawRecord[]): { rows: CsvRow[]; nextLine: number } {
  let line = 1;
  const rows = records.map(({ record, raw }) => {
    const skipped = countNewlines(/^[\r\n]*/.exec(raw)?.[0] ?? '');
    const row = { cells: record, line: line + skipped };
    line += countNewlines(raw);
    return row;
  });
  return { rows, nextLine: line };
}

function countNewlines(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

function describe(error: CsvError): string {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return 'expected a closing quote, the file ends without one';
  return `expected a row of CSV, ${error.message.replace(/\s+/g, ' ')}`;
}

function rejectSplit(cell: string, line: number, source: string): never {
  throw atLine(line, `split: expected train, validation or test, got ${JSON.stringify(cell)}`, source);
}

function atLine(line: number, message: string, source: string, cause?: unknown): FrostlineError {
  return badInput(`line ${line}: ${message}`, { path: `line ${line}`, source, cause });
}
