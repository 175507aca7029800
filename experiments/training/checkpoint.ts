import { createHash } from 'node:crypto';
import { FrostlineError } from '../errors.js';
import { readSafetensors, writeSafetensors, type HostTensor } from '../models/safetensors.js';
import { canonicalJson } from '../schema/digest.js';
import type { ParameterStore, TrainableParameter } from './optimizer/parameterStore.js';
import { recordProgress, restoreProgress, type Progress, type ProgressRecord } from './progress.js';
import { digestOfWeights } from './trainedModel.js';
import type { TrainingSetup } from './setup.js';

/** The part of a checkpoint that is not tensors. */
interface CheckpointState {
  format: 1;
  /** Digest of what decides the run; a checkpoint of another run is refused. */
  identity: string;
  progress: ProgressRecord;
  /** Adam's step count of each parameter. */
  steps: Record<string, number>;
}

const parts = ['value', 'first', 'second'] as const;
const stateKey = 'frostline';

/** Digest of everything that decides a run: normalised definition, dataset, and the weights it starts from. */
export function runIdentity({ request, initial }: TrainingSetup): string {
  const { name: _name, model: _model, dataset: _dataset, ...definition } = request.definition;
  const decisive = { definition, dataset: request.dataset.digest, weights: digestOfWeights(initial) };
  return createHash('sha256').update(canonicalJson(decisive)).digest('hex');
}

/**
 * A run's state as a safetensors file: parameters and Adam's moments (of a table only the rows that were touched, with their numbers
 * under `touched/<name>`), and the progress in its metadata. Random streams need no state: they are functions of seed and step.
 */
export function writeCheckpoint(store: ParameterStore, progress: Progress, identity: string): Uint8Array {
  const tensors = new Map<string, HostTensor>();
  for (const [name, parameter] of store.parameters) {
    if (parameter.touched !== null) {
      const rows = Int32Array.from(parameter.touched.rows);
      tensors.set(`touched/${name}`, { dtype: 'int32', shape: [rows.length], data: rows });
    }
    for (const part of parts) tensors.set(`${part}/${name}`, pack(parameter, part));
  }
  const steps = Object.fromEntries([...store.parameters].map(([name, parameter]) => [name, parameter.steps]));
  const state: CheckpointState = { format: 1, identity, progress: recordProgress(progress), steps };
  return writeSafetensors(tensors, { [stateKey]: JSON.stringify(state) });
}

/** Puts a checkpoint's state back and returns the progress it was written at. `source` names it in errors. */
export function restoreCheckpoint(
  bytes: Uint8Array,
  store: ParameterStore,
  setup: TrainingSetup,
  identity: string,
  source: string,
): Progress {
  const { tensors, metadata } = readSafetensors(bytes, { source });
  const state = JSON.parse(metadata[stateKey] ?? '{}') as Partial<CheckpointState>;
  if (state.format !== 1 || state.progress === undefined || state.identity !== identity) {
    throw new FrostlineError(
      'CONFLICT',
      'expected a checkpoint of this run, got one of another definition, dataset or starting weights; train into another folder or without --resume',
      { source },
    );
  }
  for (const [name, parameter] of store.parameters) {
    parameter.steps = state.steps?.[name] ?? 0;
    const rows = tensors.get(`touched/${name}`)?.data as Int32Array | undefined;
    for (const row of rows ?? []) parameter.touched?.add(row);
    for (const part of parts)
      unpack(parameter, part, (tensors.get(`${part}/${name}`) as HostTensor).data as Float32Array);
  }
  return restoreProgress(state.progress, setup.tasks);
}

function pack(parameter: TrainableParameter, part: (typeof parts)[number]): HostTensor {
  const { data, shape } = parameter[part];
  if (parameter.touched === null) return { dtype: 'float32', shape: [...shape], data };
  const width = shape[1];
  const { rows } = parameter.touched;
  const packed = new Float32Array(rows.length * width);
  rows.forEach((row, index) => packed.set(data.subarray(row * width, (row + 1) * width), index * width));
  return { dtype: 'float32', shape: [rows.length, width], data: packed };
}

function unpack(parameter: TrainableParameter, part: (typeof parts)[number], stored: Float32Array): void {
  const { data, shape } = parameter[part];
  if (parameter.touched === null) return data.set(stored);
  const width = shape[1];
  parameter.touched.rows.forEach((row, index) =>
    data.set(stored.subarray(index * width, (index + 1) * width), row * width),
  );
}
