import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';

import { badInput, FrostlineError } from '../errors.js';
import type { FetchProgress, ResolvedModel } from './model.js';
import { exportedDigests } from './readExport.js';
import { openModelFolder } from './sources/folder.js';
import { fetchFromHub } from './sources/hub.js';
import { checkCachedDigest, findInHuggingFaceCache } from './sources/huggingFaceCache.js';
import { fetchFromPyPi, isPackaged } from './sources/pypi.js';
import { isStored, openStored, store, storedFolder } from './sources/store.js';

export type { FetchProgress, ModelSource, ResolvedModel } from './model.js';

export interface ResolveOptions {
  /** What relative folders are relative to; by default the working directory. */
  baseFolder?: string;
  /** Models that are fetched are kept under `models/` here. */
  cacheFolder: string;
  /** Hugging Face's own cache (`~/.cache/huggingface/hub`), where there is one. */
  huggingFaceCache?: string;
  hubUrl?: string;
  hubToken?: string;
  /** For weights that have to be drawn. */
  seed?: number;
  /** Stops fetching; the error has the code CANCELLED. */
  signal?: AbortSignal;
  /** Fetches nothing. */
  offline?: boolean;
  /** False: the model is an id and never a path, as for names that clients of a server send. */
  allowFolders?: boolean;
  onProgress?(event: FetchProgress): void;
  onNotice?(message: string): void;
}

/**
 * Finds a model and loads it: a local folder, the cache folder, Hugging Face's cache, the hub, or the Python package that carries
 * it. When none has it, the error tells each place that was tried and what happened there.
 */
export async function resolveModel(model: string, options: ResolveOptions): Promise<ResolvedModel> {
  const { cacheFolder, onNotice, seed = 0, offline = false, allowFolders = true } = options;
  const tried: string[] = [];

  if (allowFolders) {
    const folder = resolve(options.baseFolder ?? '.', model);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      const onDigest = exportedDigests(folder);
      return openModelFolder(folder, { id: model, source: 'folder', seed, onNotice, onDigest });
    }
    tried.push(`the folder ${folder} (does not exist)`);
  }

  const ids = idsOf(model);
  if (ids.length === 0) throw nothingFound(model, tried);
  const id = ids[0];
  if (isStored(cacheFolder, id)) return openStored(cacheFolder, id, { id: model, seed, onNotice });
  tried.push(`the cache ${storedFolder(cacheFolder, id)} (does not hold it)`);

  if (options.huggingFaceCache !== undefined) {
    const folder = findInHuggingFaceCache(options.huggingFaceCache, ids);
    if (folder !== null) {
      const onDigest = (name: string, digest: string): void => checkCachedDigest(folder, name, digest);
      return openModelFolder(folder, { id: model, source: 'hf-cache', seed, onNotice, onDigest });
    }
    tried.push(`Hugging Face's cache ${options.huggingFaceCache} (does not hold it)`);
  }

  const { hubUrl = 'https://huggingface.co', hubToken, onProgress, signal } = options;
  const sources: [string, (folder: string) => ReturnType<typeof fetchFromHub>][] = [
    [hubUrl, (folder) => fetchFromHub(id, folder, { url: hubUrl, token: hubToken, onProgress, signal })],
  ];
  if (isPackaged(id)) sources.push(['PyPI', (folder) => fetchFromPyPi(id, folder, { onProgress, signal })]);
  for (const [name, fetch] of sources) {
    if (offline) {
      tried.push(`${name} (not asked, offline)`);
      continue;
    }
    try {
      await store(cacheFolder, id, fetch);
    } catch (error) {
      if (signal?.aborted)
        throw new FrostlineError('CANCELLED', 'the model was not fetched, as the run was cancelled');
      if (error instanceof FrostlineError) throw error;
      tried.push(`${name} (${reason(error)})`);
      continue;
    }
    return openStored(cacheFolder, id, { id: model, seed, onNotice });
  }
  throw nothingFound(model, tried);
}

/** Whether a model that goes by an id is on this machine already, so that nothing has to be fetched for it. */
export function isAtHand(
  model: string,
  { cacheFolder, huggingFaceCache }: Pick<ResolveOptions, 'cacheFolder' | 'huggingFaceCache'>,
): boolean {
  const ids = idsOf(model);
  if (ids.length === 0) return false;
  if (isStored(cacheFolder, ids[0]!)) return true;
  return huggingFaceCache !== undefined && findInHuggingFaceCache(huggingFaceCache, ids) !== null;
}

/** Names of old models that have moved below an organisation, and of those that sentence-transformers lets one shorten. */
const organisations: [RegExp, string][] = [
  [/^distilbert-base-/, 'distilbert'],
  [/^bert-(base|large)-/, 'google-bert'],
  [/^(all|multi-qa|paraphrase)-[A-Za-z0-9-]*MiniLM-/, 'sentence-transformers'],
];

/** The ids a model may go by, the full one first; none when the text can be no id. */
function idsOf(model: string): string[] {
  if (isAbsolute(model) || !/^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)?$/.test(model) || model.includes('..'))
    return [];
  const organisation = organisations.find(([name]) => name.test(model))?.[1];
  return organisation === undefined ? [model] : [`${organisation}/${model}`, model];
}

function nothingFound(model: string, tried: readonly string[]): FrostlineError {
  const places = tried.length === 0 ? 'it is not an id' : `tried ${tried.join('; ')}`;
  return badInput(
    `model: expected a folder with config.json, or the id of a model that can be had, got ${JSON.stringify(model)}; ${places}`,
    { path: 'model' },
  );
}

/** What went wrong, in a few words: the innermost cause tells most (fetch itself only says "fetch failed"). */
function reason(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  const { code, message } = inner as NodeJS.ErrnoException;
  const text = message || code || String(inner);
  return text.replace(/\s+/g, ' ').slice(0, 300);
}
