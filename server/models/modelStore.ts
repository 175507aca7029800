import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type BackboneConfig } from '../../experiments/models/config.js';
import { type FetchProgress, type ResolvedModel } from '../../experiments/models/model.js';
import { isAtHand, resolveModel } from '../../experiments/models/resolver.js';
import { type Config } from '../config.js';

export interface ResolveProgress {
  onProgress?(event: FetchProgress): void;
  onNotice?(message: string): void;
  /** For weights that have to be drawn. */
  seed?: number;
}

/** The models that this server may use, by the names that clients send: ids of the hub, and folders of the models folder. */
export interface ModelStore {
  resolve(model: string, options?: ResolveProgress): Promise<ResolvedModel>;
  /** The backbone's shape; remembered, because weights are large and definitions are checked often. */
  config(model: string): Promise<BackboneConfig>;
  /** The same models but for those that would have to be fetched: for who may not make the server fetch. */
  readonly atHand: Pick<ModelStore, 'config'> & { check(model: string): void };
}

const MODEL_NAME = /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)?$/;

function checkName(model: string): void {
  if (MODEL_NAME.test(model) && !model.includes('..')) return;
  const message = `model: expected the id of a model, such as sentence-transformers/all-MiniLM-L6-v2, got ${JSON.stringify(model)}`;
  throw badInput(message, { path: 'model' });
}

/** Opens the store. Names are never paths: what is not an id is refused before anything is looked up. */
export function openModelStore(config: Config): ModelStore {
  const configs = new Map<string, Promise<BackboneConfig>>();

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
    const resolved = resolveModel(model, {
      ...(isLocal(model) ? { baseFolder: config.modelsFolder } : { allowFolders: false }),
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

  const configOf = (model: string): Promise<BackboneConfig> => {
    let pending = configs.get(model);
    if (pending === undefined) {
      pending = resolve(model).then(({ config: backbone }) => backbone);
      configs.set(model, pending);
      pending.catch(() => configs.delete(model));
    }
    return pending;
  };
  const check = (model: string): void => {
    checkName(model);
    if (isLocal(model) || isAtHand(model, config)) return;
    const message = `model: ${model} is not on this server yet: whoever may edit can have it fetched`;
    throw new FrostlineError('FORBIDDEN', message, { path: 'model' });
  };
  return {
    resolve,
    config: configOf,
    atHand: {
      check,
      async config(model) {
        check(model);
        return configOf(model);
      },
    },
  };
}
