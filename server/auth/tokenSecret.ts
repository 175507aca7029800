import { hash, randomBytes } from 'node:crypto';
import { TOKEN_PREFIX } from '../db/redact.js';

/** A new secret of 256 random bits. */
export function newSecret(): string {
  return TOKEN_PREFIX + randomBytes(32).toString('base64url');
}

/**
 * What is stored of a secret, and what it is found by. A plain hash is enough: nobody guesses 256 random bits, and looking a
 * digest up tells nothing by the time it takes.
 */
export function digestOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
