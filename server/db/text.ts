import { badInput } from '../../experiments/errors.js';
import { limits } from '../limits.js';

/** Refuses a text that is too long, or that Postgres cannot store. */
export function checkText(text: string, path: string, limit: number = limits.textLength): string {
  if (text.length > limit)
    throw badInput(`${path}: expected at most ${limit} characters, got ${text.length}`, { path });
  return checkCharacters(text, path);
}

/** Refuses what Postgres cannot store as text, which would otherwise change on the way (lone surrogates) or fail (NUL). */
export function checkCharacters(text: string, path: string): string {
  if (text.includes('\0')) throw badInput(`${path}: expected text without NUL characters`, { path });
  // String.prototype.isWellFormed is not in ES2023's types yet.
  if (/\p{Surrogate}/u.test(text))
    throw badInput(`${path}: expected well-formed Unicode, got half a surrogate pair`, { path });
  return text;
}

/** Checks a name that people give to things and that URLs and `name@version` carry. */
export function checkName(name: string, path = 'name'): string {
  checkText(name, path, limits.nameLength);
  if (!/^[\p{L}\p{N}](?:[\p{L}\p{N} ._()+,=-]*[\p{L}\p{N}.)])?$/u.test(name)) {
    throw badInput(
      `${path}: expected letters, digits, spaces and . _ - ( ) + , = only, got ${JSON.stringify(name)}`,
      { path },
    );
  }
  return name;
}
