import { createHash, randomBytes } from 'node:crypto';

/** So that scanners for leaked secrets, and our own log, know one when they see it. */
const PREFIX = 'frostline_';

/** What a secret looks like, wherever it stands in a text. */
export const SECRET_PATTERN = /frostline_[\w-]{43}/g;

/** A new secret of 256 random bits. */
export function newSecret(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/**
 * What is stored of a secret, and what it is found by. A plain hash is enough: nobody guesses 256 random bits, and looking a
 * digest up tells nothing by the time it takes.
 */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
