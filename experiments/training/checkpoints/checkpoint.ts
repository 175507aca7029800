import { createHash } from 'node:crypto';
import type { BoundTask } from '../../data/labels.js';
import { FrostlineError } from '../../errors.js';
import { readSafetensors, writeSafetensors, type HostTensor } from '../../models/safetensors.js';
import type { ArenaTensor } from '../optimizer/arena.js';
import type { ParameterStore, TrainableParameter } from '../optimizer/parameterStore.js';
import { recordProgress, restoreProgress, type Progress, type ProgressRecord } from '../progress.js';
import { digestOfTensors, type RunIdentity } from '../runIdentity.js';
import type { TrainingSetup } from '../setup.js';
import { exactJson, parseExactJson } from './exactJson.js';

/** The part of a checkpoint that is not tensors. */
export interface CheckpointState {
  format: 2;
  identity: RunIdentity;
  /** Names and classes of the heads. */
  tasks: Pick<BoundTask, 'name' | 'classes'>[];
  progress: ProgressRecord;
  /** Adam's step count of each trained parameter. */
  steps: Record<string, number>;
  /** Tables with touched rows whose value is there as a whole, since the run did not begin with the backbone's own. */
  wholeTables: string[];
}

export interface Checkpoint {
  state: CheckpointState;
  tensors: Map<string, HostTensor>;
  /** Digest of everything in it. */
  sha256: string;
}

const stateKey = 'frostline';
const digestKey = 'sha256';
const lossesName = 'history/losses';

/**
 * A run's state as a safetensors file: parameters and Adam's moments (of a table only the rows that were touched, with their numbers
 * under `touched/<name>`), the losses so far, frozen tensors that are not the backbone's own, and the rest in its metadata. Random
 * streams need no state: they are functions of seed and step.
 */
export function writeCheckpoint(
  store: ParameterStore,
  progress: Progress,
  setup: TrainingSetup,
  identity: RunIdentity,
): Uint8Array {
  const own = setup.request.model.tensors;
  const isOwn = (name: string): boolean => setup.initial.get(name) === own.get(name);
  const tensors = new Map<string, HostTensor>();
  const wholeTables: string[] = [];
  for (const [name, { value, first, second, touched }] of store.parameters) {
    const rows = touched === null ? null : Int32Array.from(touched.rows);
    if (rows !== null) {
      tensors.set(`touched/${name}`, { dtype: 'int32', shape: [rows.length], data: rows });
      if (!isOwn(name)) wholeTables.push(name);
    }
    tensors.set(`value/${name}`, packRows(value, isOwn(name) ? rows : null));
    tensors.set(`first/${name}`, packRows(first, rows));
    tensors.set(`second/${name}`, packRows(second, rows));
  }
  for (const [name, tensor] of setup.initial) {
    if (store.get(name) === undefined && !isOwn(name)) tensors.set(`fixed/${name}`, tensor);
  }
  const losses = Float64Array.from(progress.history.losses);
  tensors.set(lossesName, { dtype: 'float64', shape: [losses.length], data: losses });
  const state: CheckpointState = {
    format: 2,
    identity,
    tasks: setup.tasks.map(({ name, classes }) => ({ name, classes })),
    progress: recordProgress(progress),
    steps: Object.fromEntries([...store.parameters].map(([name, parameter]) => [name, parameter.steps])),
    wholeTables,
  };
  const json = exactJson(state);
  return writeSafetensors(tensors, { [stateKey]: json, [digestKey]: digestOf(json, tensors) });
}

/** Reads a checkpoint and checks it against the digest that it carries. `source` names it in errors. */
export function readCheckpoint(bytes: Uint8Array, source: string): Checkpoint {
  const { tensors, metadata } = readSafetensors(bytes, { source });
  const json = metadata[stateKey];
  const sha256 = metadata[digestKey];
  if (json === undefined || sha256 === undefined) {
    throw new FrostlineError('BAD_USER_INPUT', 'expected a checkpoint of a training run, it is none', {
      source,
    });
  }
  const found = digestOf(json, tensors);
  if (found !== sha256) {
    const message = `the checkpoint is damaged: expected SHA-256 ${sha256} over its contents, got ${found}`;
    throw new FrostlineError('CORRUPT', message, { source });
  }
  const state = parseExactJson(json) as CheckpointState;
  if (state.format === 2) return { state, tensors, sha256 };
  throw new FrostlineError(
    'BAD_USER_INPUT',
    `expected a checkpoint of format 2, got format ${String((state as { format?: unknown }).format)}`,
    { source },
  );
}

/** Puts a checkpoint of the same run back into the store and returns the progress it was written at. */
export function restoreCheckpoint(
  checkpoint: Checkpoint,
  store: ParameterStore,
  tasks: readonly BoundTask[],
): Progress {
  for (const [name, parameter] of store.parameters) {
    restoreMoments(checkpoint, parameter);
    unpackRows(checkpoint, 'value', name, parameter.value.data);
  }
  const losses = tensorOf(checkpoint, lossesName).data as Float64Array;
  return restoreProgress(checkpoint.state.progress, [...losses], tasks);
}

/** Puts Adam's moments and step count of a parameter back. */
export function restoreMoments(checkpoint: Checkpoint, parameter: TrainableParameter): void {
  const { info, first, second, touched } = parameter;
  parameter.steps = checkpoint.state.steps[info.name] ?? 0;
  unpackRows(checkpoint, 'first', info.name, first.data);
  unpackRows(checkpoint, 'second', info.name, second.data);
  if (touched === null) return;
  const rows = checkpoint.tensors.get(`touched/${info.name}`)?.data as Int32Array | undefined;
  for (const row of rows ?? movedRows(second)) touched.add(row);
}

/** Value of a parameter that was trained, where `base` has the rows of a table that no batch touched; undefined when it was not. */
export function trainedValue(
  checkpoint: Checkpoint,
  name: string,
  base: HostTensor | undefined,
): HostTensor | undefined {
  const stored = checkpoint.tensors.get(`value/${name}`);
  if (stored === undefined || rowsOf(checkpoint, 'value', name) === undefined || base === undefined)
    return stored;
  const data = (base.data as Float32Array).slice();
  unpackRows(checkpoint, 'value', name, data);
  return { ...base, data };
}

function packRows({ data, shape }: ArenaTensor, rows: Int32Array | null): HostTensor {
  if (rows === null) return { dtype: 'float32', shape: [...shape], data };
  const width = shape[1];
  const packed = new Float32Array(rows.length * width);
  rows.forEach((row, index) => packed.set(data.subarray(row * width, (row + 1) * width), index * width));
  return { dtype: 'float32', shape: [rows.length, width], data: packed };
}

function unpackRows(
  checkpoint: Checkpoint,
  part: 'value' | 'first' | 'second',
  name: string,
  target: Float32Array,
): void {
  const { data, shape } = tensorOf(checkpoint, `${part}/${name}`);
  const rows = rowsOf(checkpoint, part, name);
  if (rows === undefined) return target.set(data as Float32Array);
  const width = shape[1];
  rows.forEach((row, index) =>
    target.set((data as Float32Array).subarray(index * width, (index + 1) * width), row * width),
  );
}

/** Numbers of the rows that a part of a table holds; undefined when it holds all, in their order. */
function rowsOf({ state, tensors }: Checkpoint, part: string, name: string): Int32Array | undefined {
  if (part === 'value' && state.wholeTables.includes(name)) return undefined;
  return tensors.get(`touched/${name}`)?.data as Int32Array | undefined;
}

/** Rows with a moment: those that have ever had a gradient. */
function movedRows({ data, shape }: ArenaTensor): number[] {
  const width = shape[1];
  return Array.from({ length: shape[0] }, (_, row) => row).filter((row) =>
    data.subarray(row * width, (row + 1) * width).some((value) => value !== 0),
  );
}

function tensorOf({ tensors }: Checkpoint, name: string): HostTensor {
  const tensor = tensors.get(name);
  if (tensor === undefined)
    throw new FrostlineError('CORRUPT', `expected a tensor ${name} in the checkpoint`);
  return tensor;
}

function digestOf(json: string, tensors: ReadonlyMap<string, HostTensor>): string {
  return createHash('sha256').update(json).update(digestOfTensors(tensors)).digest('hex');
}
