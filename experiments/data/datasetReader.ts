import { badInput } from '../errors.js';
import { ByteDecoder } from './byteDecoder.js';
import { CsvRows } from './csv.js';
import { JsonlRows } from './jsonl.js';
import type { RowParser, RowSink } from './rows.js';

export const datasetFormats = ['csv', 'tsv', 'jsonl'] as const;

/** How rows are written in a file. */
export type DatasetFormat = (typeof datasetFormats)[number];

const extensions: Record<string, DatasetFormat> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
};

/** The format that the extension of a file's name stands for, such as `.csv`. */
export function formatOfExtension(extension: string): DatasetFormat {
  const format = Object.hasOwn(extensions, extension.toLowerCase()) && extensions[extension.toLowerCase()];
  if (format) return format;
  const got = JSON.stringify(extension);
  throw badInput(`dataset: expected a file named .csv, .tsv or .jsonl, got ${got}`, { path: 'dataset' });
}

/** Reads rows from the bytes of a file as they arrive; needs no more memory than its longest row. */
export class DatasetReader {
  private readonly decoder = new ByteDecoder();
  private readonly parser: RowParser;

  constructor(format: DatasetFormat, sink: RowSink) {
    this.parser = parserOf(format, sink);
  }

  /** The columns of labels that have been met. */
  get tasks(): readonly string[] {
    return this.parser.tasks;
  }

  push(bytes: Uint8Array): void {
    this.parser.push(this.decoder.push(bytes));
  }

  end(): void {
    this.parser.push(this.decoder.end());
    this.parser.end();
  }
}

function parserOf(format: DatasetFormat, sink: RowSink): RowParser {
  switch (format) {
    case 'csv':
      return new CsvRows(sink);
    case 'tsv':
      return new CsvRows(sink, '\t');
    case 'jsonl':
      return new JsonlRows(sink);
  }
}
