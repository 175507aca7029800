import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { ResolvedModel } from '../model.js';
import { openModelFolder, type OpenFolderOptions } from './folder.js';
import { checkDigest, manifestName, readManifest, writeManifest, type Manifest } from './manifest.js';

/** Where the cache folder keeps a model that was fetched. */
export function storedFolder(cacheFolder: string, id: string): string {
  return join(cacheFolder, 'models', ...id.split('/'));
}

/** Whether the cache folder holds the model. */
export function isStored(cacheFolder: string, id: string): boolean {
  return existsSync(join(storedFolder(cacheFolder, id), manifestName));
}

/** Loads a model from the cache folder, each file compared with the digest that was taken when it was fetched. */
export function openStored(
  cacheFolder: string,
  id: string,
  options: Omit<OpenFolderOptions, 'source'>,
): ResolvedModel {
  const folder = storedFolder(cacheFolder, id);
  const manifest = readManifest(folder);
  return openModelFolder(folder, {
    ...options,
    source: manifest.source,
    onDigest: (name, digest) => checkDigest(manifest, folder, name, digest),
  });
}

/**
 * Puts a model into the cache folder. `fetch` fills a folder of its own, which takes its place by a rename once it is complete, so
 * that what is found there is never half of a model.
 */
export async function store(
  cacheFolder: string,
  id: string,
  fetch: (folder: string) => Promise<{ manifest: Omit<Manifest, 'files'>; names: string[] }>,
): Promise<void> {
  const target = storedFolder(cacheFolder, id);
  const incoming = join(cacheFolder, 'models', `.incoming-${randomBytes(6).toString('hex')}`);
  mkdirSync(incoming, { recursive: true });
  try {
    const { manifest, names } = await fetch(incoming);
    writeManifest(incoming, manifest, names);
    mkdirSync(dirname(target), { recursive: true });
    try {
      renameSync(incoming, target);
    } catch (error) {
      if (!isStored(cacheFolder, id)) throw error; // else another process was faster, with the same files
    }
  } finally {
    rmSync(incoming, { recursive: true, force: true });
  }
}
