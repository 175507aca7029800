import { badInput } from '../errors.js';
import { encodingFault } from './byteDecoder.js';
import { CsvRecords, type RecordSink } from './csvRecords.js';
import {
  mostTasks,
  parseSplit,
  reservedColumns,
  taskNameFault,
  type FileRow,
  type RowParser,
  type RowSink,
} from './rows.js';

/** What separates the cells of files that are called CSV; the header tells which it is. */
const delimiters = [',', ';', '\t'];
const longestHeader = 1 << 16;

/**
 * Rows of a CSV text with a header: the column `sentence`, optionally `split`, and one column for each task, whose empty cells mean
 * "not labelled". What is wrong with the header is thrown, as nothing can be read without one.
 */
export class CsvRows implements RowParser {
  readonly tasks: string[] = [];
  private columns: string[] | undefined;
  private records: CsvRecords | undefined;
  /** Text that has come before the header's line was complete. */
  private head = '';

  constructor(
    private readonly sink: RowSink,
    private readonly delimiter?: string,
  ) {}

  push(text: string): void {
    if (this.records !== undefined) {
      this.records.push(text);
      return;
    }
    this.head += text;
    if (/[^\r\n][\r\n]/.test(this.head) || this.head.length > longestHeader) this.begin();
  }

  end(): void {
    this.begin().end();
    if (this.columns === undefined)
      throw atLine(1, 'expected a header with the column "sentence", got an empty file');
  }

  private begin(): CsvRecords {
    if (this.records !== undefined) return this.records;
    this.records = new CsvRecords(this.delimiter ?? delimiterOf(this.head), {
      record: (cells, line) => {
        if (this.columns === undefined) this.readHeader(cells, line);
        else this.readRow(cells, line, this.columns);
      },
      fault: (line, message) => {
        if (this.columns === undefined) throw atLine(line, message);
        this.sink.fault(line, message);
      },
    });
    this.records.push(this.head);
    this.head = '';
    return this.records;
  }

  private readHeader(columns: string[], line: number): void {
    const fault =
      encodingFault(columns.join(' ')) ??
      columns.map(taskNameFault).find((found) => found !== null) ??
      columnsFault(columns);
    if (fault !== null) throw atLine(line, fault);
    this.columns = columns;
    this.tasks.push(...columns.filter((column) => !reservedColumns.includes(column)));
  }

  private readRow(cells: string[], line: number, columns: string[]): void {
    const fault = cells.map(encodingFault).find((found) => found !== null);
    if (fault !== undefined && fault !== null) return this.sink.fault(line, fault);
    if (cells.length !== columns.length) {
      const message = `expected ${columns.length} cells, as in the header, got ${cells.length}`;
      return this.sink.fault(line, message);
    }
    const row: FileRow = { sentence: '', split: null, labels: {} };
    for (const [index, column] of columns.entries()) {
      const cell = cells[index]!;
      if (column === 'sentence') row.sentence = cell;
      else if (column === 'split') {
        const split = parseSplit(cell);
        if (split === undefined) {
          const got = JSON.stringify(cell.slice(0, 60));
          return this.sink.fault(line, `split: expected train, validation or test, got ${got}`);
        }
        row.split = split;
      } else if (cell.trim() !== '') row.labels[column] = cell;
    }
    this.sink.row(row, line);
  }
}

function columnsFault(columns: string[]): string | null {
  const duplicate = columns.find((column, index) => columns.indexOf(column) !== index);
  if (duplicate !== undefined) return `expected columns that differ, got ${JSON.stringify(duplicate)} twice`;
  if (columns.length > mostTasks + reservedColumns.length)
    return `expected at most ${mostTasks} columns of labels, got ${columns.length} columns`;
  if (columns.includes('sentence')) return null;
  const names = columns.slice(0, 20).map((column) => JSON.stringify(column));
  return `expected a column "sentence", got ${names.join(', ')}${columns.length > 20 ? ', …' : ''}`;
}

/** The first delimiter by which the header has a column `sentence`; a comma when there is none. */
function delimiterOf(head: string): string {
  const line = /[^\r\n]+/.exec(head)?.[0] ?? '';
  return delimiters.find((delimiter) => cellsOf(`${line}\n`, delimiter).includes('sentence')) ?? ',';
}

function cellsOf(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  const sink: RecordSink = { record: (record) => cells.push(...record), fault: () => {} };
  new CsvRecords(delimiter, sink).push(line);
  return cells;
}

function atLine(line: number, message: string): Error {
  return badInput(`line ${line}: ${message}`, { path: `line ${line}` });
}
