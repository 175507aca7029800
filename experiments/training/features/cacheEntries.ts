import { closeSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTrailer, type EntryContents } from './entryFile.js';
import { isHeld, breakStale } from './lease.js';

/** An entry of the feature cache as it lies on disk. */
export interface CacheEntry {
  key: string;
  bytes: number;
  /** When a run last opened it. */
  lastUse: Date;
  /** Whether a process that lives has it open. */
  inUse: boolean;
  /** What it holds and how long that took to compute; null when the file cannot be read. */
  contents: (EntryContents & { seconds: number }) | null;
}

/** What is to go: everything, what nobody has used for so long, or the least recently used until so many bytes are left. */
export interface PruneRule {
  all?: boolean;
  unusedForMs?: number;
  maxBytes?: number;
}

export interface PruneResult {
  removed: CacheEntry[];
  kept: CacheEntry[];
}

/** Where the files of a key lie; all of them begin with the key. */
export function shardFolder(folder: string, key: string): string {
  return join(folder, key.slice(0, 2));
}

/** Every entry of a feature cache, the least recently used first. */
export function listEntries(folder: string): CacheEntry[] {
  return shards(folder)
    .flatMap((shard) => {
      const names = namesIn(shard);
      return names.flatMap((name) => describe(shard, name, names) ?? []);
    })
    .sort((a, b) => a.lastUse.getTime() - b.lastUse.getTime() || (a.key < b.key ? -1 : 1));
}

/** Removes entries by a rule, but none that a living process has open; also what processes that died have left half-written. */
export function pruneEntries(folder: string, { all, unusedForMs, maxBytes }: PruneRule): PruneResult {
  removeLeftovers(folder);
  const entries = listEntries(folder);
  const result: PruneResult = { removed: [], kept: [] };
  let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  for (const entry of entries) {
    const old = unusedForMs !== undefined && Date.now() - entry.lastUse.getTime() >= unusedForMs;
    const tooMuch = maxBytes !== undefined && bytes > maxBytes;
    if (entry.inUse || !(all === true || old || tooMuch)) {
      result.kept.push(entry);
      continue;
    }
    rmSync(join(shardFolder(folder, entry.key), `${entry.key}.features`), { force: true });
    result.removed.push(entry);
    bytes -= entry.bytes;
  }
  return result;
}

/** Removes the half-written files of a key. Only who holds the key's lock may ask for it. */
export function removeHalfWritten(folder: string, key: string): void {
  const shard = shardFolder(folder, key);
  for (const name of namesIn(shard)) {
    if (name.startsWith(`${key}.`) && name.endsWith('.tmp')) rmSync(join(shard, name), { force: true });
  }
}

/** Marks and half-written files of processes that are dead. */
function removeLeftovers(folder: string): void {
  for (const shard of shards(folder)) {
    for (const name of namesIn(shard)) {
      const path = join(shard, name);
      if (name.endsWith('.use') || name.endsWith('.lock')) breakStale(path);
      else if (name.endsWith('.tmp') && !isHeld(join(shard, `${name.split('.')[0]}.lock`)))
        rmSync(path, { force: true });
    }
  }
}

function describe(shard: string, name: string, names: readonly string[]): CacheEntry | undefined {
  if (!name.endsWith('.features')) return undefined;
  const path = join(shard, name);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const key = name.slice(0, -'.features'.length);
  const inUse = names.some(
    (other) => other.startsWith(`${key}.`) && other.endsWith('.use') && isHeld(join(shard, other)),
  );
  return { key, bytes: stat.size, lastUse: stat.mtime, inUse, contents: contentsOf(path) };
}

function contentsOf(path: string): CacheEntry['contents'] {
  try {
    const file = openSync(path, 'r');
    try {
      const trailer = readTrailer(file)?.trailer;
      return trailer === undefined ? null : { ...trailer.contents, seconds: trailer.seconds };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function shards(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => /^[0-9a-f]{2}$/.test(name))
    .map((name) => join(folder, name));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
