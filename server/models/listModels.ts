import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config } from '../config.js';

/** Files by which a folder is known to hold a model: one that people put there, or one that was fetched whole. */
const signs = { given: 'config.json', fetched: 'frostline-manifest.json' };

/** Ids of the backbones that are at hand: in the models folder and in the cache. */
export async function listModels(config: Pick<Config, 'modelsFolder' | 'cacheFolder'>): Promise<string[]> {
  const given = await idsBelow(config.modelsFolder, signs.given);
  const fetched = await idsBelow(join(config.cacheFolder, 'models'), signs.fetched);
  return [...new Set([...given, ...fetched])].sort();
}

/** Folders with such a file, one or two levels deep, by their relative names. */
async function idsBelow(folder: string, sign: string, prefix = ''): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  if (prefix !== '' && entries.some(({ name }) => name === sign)) return [prefix];
  if (prefix.includes('/')) return [];
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const found = await Promise.all(
    folders.map(({ name }) => idsBelow(join(folder, name), sign, prefix === '' ? name : `${prefix}/${name}`)),
  );
  return found.flat();
}
