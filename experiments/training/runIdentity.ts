import { createHash } from 'node:crypto';
import type { PoolingMode } from '../models/config.js';
import type { ResolvedModel } from '../models/model.js';
import type { HostTensor } from '../models/safetensors.js';
import { canonicalJson } from '../schema/digest.js';
import type { Definition } from '../schema/types.js';
import type { TrainRequest } from './train.js';

/** Everything that decides what a run computes, apart from the machine. */
export interface RunIdentity {
  /** The normalised definition, without what names files and without what changes no number. */
  settings: Settings;
  dataset: string;
  backbone: string;
  tokenizer: string;
  /** Digest of the tensors that replaced loaded or drawn ones, null for none. */
  initialWeights: string | null;
  /** Digest of the checkpoint that the run was forked from. */
  parent: string | null;
}

type Settings = Pick<Definition, 'tasks' | 'freeze'> & {
  training: object;
  /** What the model's folder asks for beside its weights, where that is not the usual. */
  model?: { pooling?: PoolingMode; lowercase?: true };
};

export function runIdentity(
  request: Pick<TrainRequest, 'definition' | 'dataset' | 'model' | 'initialWeights'>,
  parent: string | null,
): RunIdentity {
  const { definition, dataset, model, initialWeights } = request;
  return {
    settings: { ...decidingSettings(definition), ...folderSettings(model) },
    dataset: dataset.digest,
    backbone: model.weightsSha256,
    tokenizer: model.tokenizerSha256,
    initialWeights: initialWeights === undefined ? null : digestOfTensors(initialWeights),
    parent,
  };
}

/** The settings of a definition that decide numbers; what names files is left to digests. */
export function decidingSettings({ tasks, freeze, training }: Definition): Settings {
  const { checkpointEvery: _every, keepCheckpoints: _keep, evaluateEvery, ...rest } = training;
  // Evaluations decide nothing but when to stop early.
  return { tasks, freeze, training: rest.earlyStopping === null ? rest : { ...rest, evaluateEvery } };
}

/** What a model's folder decides beside its weights. */
function folderSettings({ config: { pooling }, lowercase }: ResolvedModel): Pick<Settings, 'model'> {
  if (pooling === 'mean' && !lowercase) return {};
  return { model: { ...(pooling === 'mean' ? {} : { pooling }), ...(lowercase ? { lowercase } : {}) } };
}

/** In what two runs differ: paths of settings, and names of inputs; each with what it was and what it is now. */
export function differences(
  was: RunIdentity,
  is: RunIdentity,
): { what: string; was: unknown; is: unknown }[] {
  const { settings: wasSettings, ...wasInputs } = was;
  const { settings: isSettings, ...isInputs } = is;
  const inputs: Record<string, string> = {
    initialWeights: 'initial weights',
    parent: 'checkpoint that it was forked from',
  };
  return [
    ...differentLeaves('', wasSettings, isSettings),
    ...differentLeaves('', wasInputs, isInputs).map((one) => ({
      ...one,
      what: inputs[one.what] ?? one.what,
    })),
  ];
}

/** The paths at which two JSON values differ. */
export function differentLeaves(
  path: string,
  was: unknown,
  is: unknown,
): { what: string; was: unknown; is: unknown }[] {
  if (canonicalJson(was ?? null) === canonicalJson(is ?? null)) return [];
  if (!isObject(was) || !isObject(is)) return [{ what: path, was, is }];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return keys.flatMap((key) => differentLeaves(path === '' ? key : `${path}.${key}`, was[key], is[key]));
}

/** SHA-256 over names, types, shapes and bytes of tensors, in the order of their names. */
export function digestOfTensors(tensors: ReadonlyMap<string, HostTensor>): string {
  const hash = createHash('sha256');
  for (const [name, { dtype, shape, data }] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${JSON.stringify([name, dtype, shape])}\n`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
