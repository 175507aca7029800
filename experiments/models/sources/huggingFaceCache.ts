import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';

import { FrostlineError } from '../../errors.js';
import { neededModelFiles } from './files.js';

/**
 * The folder of a model in Hugging Face's cache (`models--<org>--<name>/snapshots/<commit>`), at the commit that `main` stands for
 * there; null when the cache has no complete copy.
 */
export function findInHuggingFaceCache(cache: string, ids: readonly string[]): string | null {
  for (const id of ids) {
    const folder = join(cache, `models--${id.replaceAll('/', '--')}`);
    const snapshots = join(folder, 'snapshots');
    if (!existsSync(snapshots)) continue;
    const main = join(folder, 'refs', 'main');
    const commits = existsSync(main) ? [readFileSync(main, 'utf8').trim()] : readdirSync(snapshots).sort();
    const complete = commits
      .map((commit) => join(snapshots, commit))
      .find((path) => neededModelFiles.every((name) => existsSync(join(path, name))));
    if (complete !== undefined) return complete;
  }
  return null;
}

/** Large files of that cache are called by their SHA-256: compares it with what was read. */
export function checkCachedDigest(folder: string, name: string, digest: string): void {
  const blob = basename(realpathSync(join(folder, name)));
  if (!/^[0-9a-f]{64}$/.test(blob) || blob === digest) return;
  throw new FrostlineError(
    'CORRUPT',
    `expected SHA-256 ${blob}, as the Hugging Face cache says, got ${digest}`,
    {
      path: name,
      source: join(folder, name),
    },
  );
}
