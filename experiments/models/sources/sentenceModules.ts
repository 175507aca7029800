import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { badInput } from '../../errors.js';
import { poolingModes, type PoolingMode } from '../config.js';

/** What sentence-transformers' files say of a model. */
export interface SentenceModules {
  /** Where the transformer's own files lie, relative to the folder; empty for the folder itself. */
  transformer: string;
  pooling: PoolingMode;
  normalize: boolean;
}

/** A model that sentence-transformers did not write is used as its own fallback uses it, and normalised. */
const plain: SentenceModules = { transformer: '', pooling: 'mean', normalize: true };

interface Module {
  type: string;
  path: string;
}

/**
 * Reads modules.json and the pooling's configuration. Modules that are no part of our model (a Dense layer above the pooling, say) are
 * refused rather than left out, because vectors without them would be others.
 */
export function readSentenceModules(folder: string): SentenceModules {
  const path = join(folder, 'modules.json');
  if (!existsSync(path)) return plain;
  const modules = readModules(path);
  const names = modules.map(({ type }) => type.split('.').at(-1) as string);
  const order = names.join(', ');
  if (!/^Transformer, Pooling(, Normalize)?$/.test(order)) {
    throw badInput(
      `modules: expected Transformer, Pooling and at most Normalize, which is what Frostline computes, got ${order}`,
      { path: 'modules', source: path },
    );
  }
  const [transformer, pooling] = modules as [Module, Module];
  return {
    transformer: transformer.path,
    pooling: readPooling(join(folder, pooling.path, 'config.json')),
    normalize: names.length === 3,
  };
}

function readModules(path: string): Module[] {
  const json = readJson(path);
  if (!Array.isArray(json)) throw badInput('expected an array of modules', { source: path });
  return json.map((module: unknown, index) => {
    const { type, path: place } = (module ?? {}) as Record<string, unknown>;
    const isInside =
      typeof place === 'string' && !place.split(/[\\/]/).includes('..') && !/^[\\/]/.test(place);
    if (typeof type === 'string' && isInside) return { type, path: place };
    throw badInput(`${index}: expected the type of a module and its path inside the folder`, {
      path: String(index),
      source: path,
    });
  });
}

/** The one mode that is chosen: by name, as newer versions write it, or by a flag each. */
function readPooling(path: string): PoolingMode {
  const json = existsSync(path) ? readJson(path) : {};
  const fields = (json ?? {}) as Record<string, unknown>;
  const flagged = Object.keys(fields)
    .filter((name) => name.startsWith('pooling_mode_') && fields[name] === true)
    .map((name) => name.slice('pooling_mode_'.length).replace(/^(cls|mean|max|weightedmean)_tokens?$/, '$1'));
  const named = fields['pooling_mode'] ?? (flagged.length > 0 ? flagged : 'mean');
  const chosen: unknown[] = Array.isArray(named) ? named : [named];
  const mode = poolingModes.find((known) => known === chosen[0]);
  if (chosen.length === 1 && mode !== undefined) return mode;
  throw badInput(
    `pooling_mode: expected one of ${poolingModes.join(', ')}, got ${chosen.map(String).join(' and ') || 'none'}`,
    { path: 'pooling_mode', source: path },
  );
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw badInput(`expected a JSON file, ${(error as Error).message}`, { source: path, cause: error });
  }
}
