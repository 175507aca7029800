import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelsFile } from './training/optimizer/kernels/kernels.js';

const root = fileURLToPath(new URL('.', import.meta.url));
const digests = new Map<string, string>();

/**
 * SHA-256 over the engine's code as it runs (TypeScript in development, JavaScript in the product) with its kernels, or over some of
 * its folders.
 * Two processes with the same digest compute the same.
 */
export function engineDigest(folders: readonly string[] = ['.']): string {
  const key = folders.join();
  const known = digests.get(key);
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|js)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    if (folder === '.') hash.update(readFileSync(kernelsFile()));
    for (const file of files) {
      hash.update(relative(root, file).split(sep).join('/')).update('\0').update(readFileSync(file));
    }
  }
  const digest = hash.digest('hex');
  digests.set(key, digest);
  return digest;
}
