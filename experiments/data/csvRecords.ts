/** Receives what a text holds, in order: whole records, and what is wrong with those that are none, by the line they begin on. */
export interface RecordSink {
  record(cells: string[], line: number): void;
  fault(line: number, message: string): void;
}

/** Longest record, in characters; beyond it a quote is taken for one that nobody closed. */
const longestRecord = 1 << 20;
/** A quote that does not close has the text behind it read twice; a file that is full of them is not read to its end. */
const mostReread = 100 * longestRecord;

const openAtEnd = 'expected a closing quote, the file ends without one';
const openTooLong = `expected a closing quote within ${longestRecord} characters`;
const tooLong = `expected at most ${longestRecord} characters in a row`;

const carriageReturn = 13;
const lineFeed = 10;
const quote = 34;

/**
 * Cuts the text of a CSV file, as it arrives, into records. Quotes follow RFC 4180; as in Python's csv module, a quote inside an
 * unquoted cell is a character like another. Lines end with \r\n, \n or \r; empty ones are passed over. After a record that is
 * broken it goes on with the next line, so that one bad quote does not hide what is wrong further down.
 */
export class CsvRecords {
  private buffer = '';
  /** Line that the buffer begins on. */
  private line = 1;
  /** The rest of an overlong line is being passed over. */
  private skipping = false;
  /** Characters of records that were broken off. */
  private reread = 0;
  /** Where in the buffer it is. */
  private at = 0;
  private readonly delimiter: number;

  constructor(
    delimiter: string,
    private readonly sink: RecordSink,
  ) {
    this.delimiter = delimiter.charCodeAt(0);
  }

  push(text: string): void {
    this.buffer += text;
    this.read(false);
  }

  end(): void {
    this.read(true);
  }

  private read(isEnd: boolean): void {
    this.at = 0;
    while (this.at < this.buffer.length && this.reread <= mostReread) {
      if (!(this.skipping ? this.skipLine(isEnd) : this.readRecord(isEnd))) break;
    }
    this.buffer = this.reread > mostReread ? '' : this.buffer.slice(this.at);
  }

  /** Reads one record; false when more text is needed. */
  private readRecord(isEnd: boolean): boolean {
    const { buffer: text, delimiter, at: from } = this;
    const isTooLong = (to: number): boolean => to - from > longestRecord;
    const cells: string[] = [];
    let lines = 0;
    let isQuoted = false;
    for (let at = from; ;) {
      if (text.charCodeAt(at) === quote) {
        isQuoted = true;
        const close = closingQuote(text, at + 1);
        if (!isEnd && !isTooLong(text.length) && (close === -1 || close + 1 === text.length)) return false;
        if (close === -1) {
          const message = isTooLong(text.length) ? openTooLong : openAtEnd;
          return this.breakOff(isEnd, message, Math.min(text.length, from + longestRecord));
        }
        const cell = text.slice(at + 1, close);
        lines += countLineEnds(cell);
        cells.push(cell.includes('"') ? cell.replaceAll('""', '"') : cell);
        at = close + 1;
        if (at < text.length && cellEnd(text, at, delimiter) !== at) {
          const message = 'expected a closing quote at the end of a quoted cell';
          return this.breakOff(isEnd, message, at);
        }
      } else {
        const start = at;
        at = cellEnd(text, at, delimiter);
        cells.push(text.slice(start, at));
      }
      if (isTooLong(at)) return this.breakOff(isEnd, isQuoted ? openTooLong : tooLong, at);
      if (text.charCodeAt(at) === delimiter) {
        at++;
        continue;
      }
      // At the end of the text, or at a \r that may have a \n behind it: more has to come before the record is known to be over.
      if (!isEnd && (at === text.length || isLastReturn(text, at))) return false;
      if (cells.length > 1 || at > from) this.sink.record(cells, this.line);
      this.at = at + lineEndLength(text, at);
      this.line += lines + 1;
      return true;
    }
  }

  /** Reports the record, which was looked at up to a place, and goes on behind the line it begins on. */
  private breakOff(isEnd: boolean, message: string, seen: number): boolean {
    this.sink.fault(this.line, message);
    this.reread += seen - this.at;
    if (this.reread > mostReread) {
      this.sink.fault(this.line, 'so many quotes do not close that what follows was not read');
      return false;
    }
    this.skipping = true;
    return this.skipLine(isEnd);
  }

  private skipLine(isEnd: boolean): boolean {
    const { buffer: text } = this;
    const end = cellEnd(text, this.at, lineFeed);
    this.at = end;
    if (!isEnd && (end === text.length || isLastReturn(text, end))) return false;
    this.at += lineEndLength(text, end);
    this.skipping = false;
    this.line++;
    return true;
  }
}

/** Where a cell without quotes ends: at the delimiter, a line's end, or the end of the text. */
function cellEnd(text: string, from: number, delimiter: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === delimiter || code === lineFeed || code === carriageReturn) return at;
  }
  return text.length;
}

/** Where the quote stands that is not followed by another; -1 when there is none. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2)) {
    if (text.charCodeAt(at + 1) !== quote) return at;
  }
  return -1;
}

function lineEndLength(text: string, at: number): number {
  if (at === text.length) return 0;
  return text.charCodeAt(at) === carriageReturn && text.charCodeAt(at + 1) === lineFeed ? 2 : 1;
}

function isLastReturn(text: string, at: number): boolean {
  return at + 1 === text.length && text.charCodeAt(at) === carriageReturn;
}

function countLineEnds(text: string): number {
  let count = 0;
  for (let at = cellEnd(text, 0, lineFeed); at < text.length; at = cellEnd(text, at, lineFeed)) {
    count++;
    at += lineEndLength(text, at);
  }
  return count;
}
