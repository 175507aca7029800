import { type FileRow } from '../../experiments/data/rows.js';
import { FrostlineError } from '../../experiments/errors.js';
import { checkText } from '../db/text.js';

/** Longest sentence that is stored; far beyond what any model reads. */
const SENTENCE_LIMIT = 20_000;
const LABEL_LIMIT = 1_000;

/** Refuses a row that cannot be stored as it is; the error's path begins with `path`. */
export function checkRow({ sentence, labels }: FileRow, path: string): void {
  const place = `${path}sentence`;
  if (sentence.trim() === '')
    throw new FrostlineError('BAD_USER_INPUT', `${place}: expected text, got an empty one`, { path: place });
  checkText(sentence, place, SENTENCE_LIMIT);
  for (const [task, label] of Object.entries(labels))
    checkText(label, path === '' ? task : `${path}labels.${task}`, LABEL_LIMIT);
}

/** The same for a row of a file: what is wrong with it, or null. */
export function rowFault(row: FileRow): string | null {
  try {
    checkRow(row, '');
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
