/** How rows are written in a file that a browser has. */
export type FileFormat = 'csv' | 'tsv' | 'jsonl';

export const contentTypes: Record<FileFormat, string> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  jsonl: 'application/x-ndjson',
};

const endings: Record<string, FileFormat> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
};

/** The format that a file's name tells; null when it tells none. */
export function formatOfName(name: string): FileFormat | null {
  return endings[/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''] ?? null;
}

/** A dataset's name made of a file's: without its ending, and without what names may not have. */
export function datasetNameOf(fileName: string): string {
  return fileName
    .replace(/\.[^.]+$/, '')
    .replace(/[^\p{L}\p{N} ._()+,=-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}.)]+$/gu, '');
}

/** What of a file is looked at for its columns. */
const BEGINNING = 64 * 1024;

/**
 * The columns that a file's first line names, to choose from before it is sent. The server reads the file itself: where this finds
 * nothing, nothing is lost.
 */
export async function readColumns(file: Blob, format: FileFormat): Promise<string[]> {
  const bytes = new Uint8Array(await file.slice(0, BEGINNING).arrayBuffer());
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  return columnsOf(new TextDecoder(encoding).decode(bytes), format);
}

/** The columns of a text's first line. */
export function columnsOf(text: string, format: FileFormat): string[] {
  if (format === 'jsonl') {
    try {
      const row: unknown = JSON.parse(text.split('\n').find((line) => line.trim() !== '') ?? '');
      return typeof row === 'object' && row !== null && !Array.isArray(row) ? Object.keys(row) : [];
    } catch {
      return [];
    }
  }
  const header = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text)?.[0] ?? '';
  const separators = format === 'tsv' ? ['\t'] : [',', ';', '\t'];
  const cut = separators.map((separator) => cellsOf(header, separator));
  return cut.reduce((best, cells) => (cells.length > best.length ? cells : best)).filter(Boolean);
}

function cellsOf(line: string, separator: string): string[] {
  const cells = [''];
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) cells.push('');
    else cells[cells.length - 1] += character;
  }
  return cells.map((cell) => cell.trim());
}
