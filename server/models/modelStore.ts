import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type BackboneConfig } from '../../experiments/models/config.js';
import { type FetchProgress, type ResolvedModel } from '../../experiments/models/model.js';
import { isAtHand, resolveModel } from '../../experiments/models/resolver.js';
import { type Config } from '../config.js';
import { type PublishedModels } from './publishedModels.js';

export interface ResolveProgress {
  onProgress?(event: FetchProgress): void;
  onNotice?(message: string): void;
  /** For weights that have to be drawn. */
  seed?: number;
}

/** What of the models may be used for whoever asks. */
export type ViewerModels = Pick<ModelStore, 'config' | 'share'>;

/** The models that this server may use, by the names that clients send: ids of the hub, and folders of the models folder. */
export interface ModelStore {
  resolve(model: string, options?: ResolveProgress): Promise<ResolvedModel>;
  /** The backbone's shape; remembered, because weights are large and definitions are checked often. */
  config(model: string): Promise<BackboneConfig>;
  /** The same models but for those that would have to be fetched: for who may not make the server fetch. */
  readonly atHand: ViewerModels & { check(model: string): void };
  /** Makes sure that workers on other machines can have the model, where blobs are shared with them. */
  share(model: string): Promise<void>;
}

const MODEL_NAME = /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)?$/;

function checkName(model: string): void {
  if (MODEL_NAME.test(model) && !model.includes('..')) return;
  const message = `model: expected the id of a model, such as sentence-transformers/all-MiniLM-L6-v2, got ${JSON.stringify(model)}`;
  throw badInput(message, { path: 'model' });
}

/**
 * Opens the store. Names are never paths: what is not an id is refused before anything is looked up.
 * @param published models beside the blobs; they come after this machine's own folders, and before caches and the hub
 */
export function openModelStore(config: Config, published: PublishedModels | null = null): ModelStore {
  const known = new Map<string, Promise<Pick<ResolvedModel, 'config' | 'folder'>>>();

  // Clients see what is said of models, in errors and in logs of runs; where folders lie on this machine is none of it.
  const folders = {
    modelsFolder: 'FROSTLINE_MODELS',
    cacheFolder: 'FROSTLINE_CACHE',
    huggingFaceCache: 'HF_HUB_CACHE',
  } as const;
  const withoutFolders = (text: string): string =>
    Object.entries(folders).reduce(
      (rest, [key, name]) => rest.replaceAll(config[key as keyof typeof folders], name),
      text,
    );

  const isLocal = (model: string): boolean => existsSync(join(config.modelsFolder, model, 'config.json'));

  const resolve: ModelStore['resolve'] = async (model, { onNotice, ...options } = {}) => {
    checkName(model);
    const baseFolder = isLocal(model) ? config.modelsFolder : ((await published?.fetch(model)) ?? null);
    const resolved = resolveModel(model, {
      ...(baseFolder === null ? { allowFolders: false } : { baseFolder }),
      cacheFolder: config.cacheFolder,
      huggingFaceCache: config.huggingFaceCache,
      hubUrl: config.hubUrl,
      hubToken: config.hubToken ?? undefined,
      offline: config.offline,
      ...options,
      onNotice: (message) => onNotice?.(withoutFolders(message)),
    });
    return resolved.catch((error: unknown) => {
      if (!(error instanceof FrostlineError)) throw error;
      const { code, path, source } = error;
      const place = source === undefined ? undefined : withoutFolders(source);
      throw new FrostlineError(code, withoutFolders(error.message), { path, source: place, cause: error });
    });
  };

  const look = (model: string): Promise<Pick<ResolvedModel, 'config' | 'folder'>> => {
    let pending = known.get(model);
    if (pending === undefined) {
      // Without its weights, which would stay in memory.
      pending = resolve(model).then(({ config: shape, folder }) => ({ config: shape, folder }));
      known.set(model, pending);
      pending.catch(() => known.delete(model));
    }
    return pending;
  };
  const check = (model: string): void => {
    checkName(model);
    if (known.has(model) || isLocal(model) || isAtHand(model, config)) return;
    const message = `model: ${model} is not on this server yet: whoever may edit can have it fetched`;
    throw new FrostlineError('FORBIDDEN', message, { path: 'model' });
  };
  const configOf = async (model: string): Promise<BackboneConfig> => (await look(model)).config;

  const share = async (model: string): Promise<void> => {
    if (published !== null) await published.publish(model, (await look(model)).folder);
  };

  return {
    resolve,
    config: configOf,
    share,
    atHand: {
      check,
      async share(model) {
        check(model);
        await share(model);
      },
      async config(model) {
        check(model);
        return configOf(model);
      },
    },
  };
}
