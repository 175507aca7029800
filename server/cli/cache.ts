import { badInput } from '../../experiments/errors.js';
import {
  listEntries,
  pruneEntries,
  type CacheEntry,
  type PruneRule,
} from '../../experiments/training/features/cacheEntries.js';
import { featuresFolder } from '../../experiments/training/features/featureCache.js';
import { readConfig } from '../config.js';
import { parseDuration } from './options.js';

export interface CacheListOptions {
  json?: boolean;
}

export interface CachePruneOptions extends CacheListOptions {
  all?: boolean;
  unusedFor?: string;
  maxGb?: string;
}

/** `frostline cache list`: what the feature cache holds, the least recently used first. */
export function listCache({ json }: CacheListOptions): void {
  const { cacheFolder, featureCacheBytes } = readConfig();
  const entries = listEntries(featuresFolder(cacheFolder));
  for (const entry of entries) print(json === true ? JSON.stringify(entryLine(entry)) : describe(entry));
  if (json === true) return;
  print(
    `${count(entries.length, 'entry', 'entries')}, ${size(total(entries))} of ${size(featureCacheBytes)} in ${featuresFolder(cacheFolder)}`,
  );
}

/** `frostline cache prune`: removes entries by a rule; without one, those beyond the size the cache may have. */
export function pruneCache(options: CachePruneOptions): void {
  const { cacheFolder, featureCacheBytes } = readConfig();
  const { removed, kept } = pruneEntries(
    featuresFolder(cacheFolder),
    parseRule(options) ?? { maxBytes: featureCacheBytes },
  );
  if (options.json === true) {
    for (const entry of removed) print(JSON.stringify(entryLine(entry)));
    return;
  }
  const inUse = kept.filter((entry) => entry.inUse).length;
  const open = inUse === 0 ? '' : ` (${inUse} in use)`;
  print(
    `removed ${count(removed.length, 'entry', 'entries')}, ${size(total(removed))}; ${kept.length} left, ${size(total(kept))}${open}`,
  );
}

function parseRule({ all, unusedFor, maxGb }: CachePruneOptions): PruneRule | undefined {
  if (all === true) return { all };
  if (unusedFor === undefined && maxGb === undefined) return undefined;
  return {
    ...(unusedFor === undefined ? {} : { unusedForMs: parseDuration(unusedFor, '--unused-for') }),
    ...(maxGb === undefined ? {} : { maxBytes: parseGigabytes(maxGb) }),
  };
}

function parseGigabytes(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value * 1e9;
  throw badInput(`--max-gb: expected a number of at least 0, got ${JSON.stringify(text)}`, {
    path: '--max-gb',
  });
}

function entryLine({ key, bytes, lastUse, inUse, contents }: CacheEntry): object {
  return { key, bytes, lastUse: lastUse.toISOString(), inUse, ...contents };
}

function describe({ key, bytes, lastUse, inUse, contents }: CacheEntry): string {
  const used = inUse ? 'in use' : lastUse.toISOString().slice(0, 16).replace('T', ' ');
  const holds =
    contents === null
      ? 'unreadable'
      : `${contents.model}, ${contents.rows.toLocaleString('en')} rows of at most ${contents.maxLength} tokens, ` +
        `${contents.pooled ? 'pooled' : `above ${contents.boundary - 1} blocks`}, took ${contents.seconds.toFixed(1)} s`;
  return [key.slice(0, 12), size(bytes).padStart(8), used.padEnd(16), holds].join('  ');
}

function total(entries: readonly CacheEntry[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}

function size(bytes: number): string {
  const [unit, name] = bytes >= 1e9 ? [1e9, 'GB'] : bytes >= 1e6 ? [1e6, 'MB'] : [1e3, 'kB'];
  return `${(bytes / unit).toFixed(1)} ${name}`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
