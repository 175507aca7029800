import { sha256 } from '../sources/manifest.js';

/** A file of an export, by its path in the folder. Its bytes may be views of a model's own memory. */
export interface ExportFile {
  path: string;
  parts: readonly Uint8Array[];
}

/** A text file. */
export function textFile(path: string, text: string): ExportFile {
  return { path, parts: [Buffer.from(text)] };
}

/** A JSON file, laid out for people. */
export function jsonFile(path: string, value: unknown): ExportFile {
  return textFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

export function digestOfFile({ parts }: ExportFile): string {
  return sha256(...parts);
}
