import { createHash } from 'node:crypto';
import { open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { FrostlineError } from '../../experiments/errors.js';

const DIGEST = /^[0-9a-f]{64}$/;

/** Where a blob lies below a store's root: no other text ever becomes part of a path or a key. */
export function blobKey(sha256: string): string {
  if (DIGEST.test(sha256)) return `${sha256.slice(0, 2)}/${sha256}`;
  throw new FrostlineError('NOT_FOUND', `no blob ${JSON.stringify(sha256)}`);
}

/** The digest that a file's name or an object's key ends with; null when it is no blob's. */
export function digestOfKey(key: string): string | null {
  const name = key.slice(key.lastIndexOf('/') + 1);
  return DIGEST.test(name) ? name : null;
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Compares what was read with what it should be. */
export function checkDigest(sha256: string, found: string): void {
  if (found === sha256) return;
  throw new FrostlineError('CORRUPT', `blob ${sha256} has changed: its digest is now ${found}`);
}

export function missingBlob(sha256: string, cause: unknown): FrostlineError {
  return new FrostlineError('NOT_FOUND', `blob ${sha256} is not in the store`, { cause });
}

/** Passes bytes on and fails at their end when they are not what they should be. */
export async function* checked(
  source: AsyncIterable<Uint8Array>,
  sha256: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
  checkDigest(sha256, hash.digest('hex'));
}

/** Writes what is read into a new file and checks its digest; when it is not what it should be, no file is left. */
export async function writeChecked(source: Readable, sha256: string, path: string): Promise<void> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'wx');
    await writeFile(file, checked(source, sha256));
  } catch (error) {
    if (file !== undefined) await rm(path, { force: true });
    throw error;
  } finally {
    source.destroy();
    await file?.close();
  }
}
