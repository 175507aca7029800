import { readFileSync } from 'node:fs';
import { badInput, FrostlineError } from '../../errors.js';
import { sizeOf, type ParameterInfo } from '../../models/layout.js';
import type { ResolvedModel } from '../../models/model.js';
import type { HostTensor } from '../../models/safetensors.js';
import type { BoundTask } from '../../data/labels.js';
import type { ParameterStore } from '../optimizer/parameterStore.js';
import { readCheckpoint, restoreMoments, trainedValue, type Checkpoint } from './checkpoint.js';

/** A checkpoint of another run to begin from. */
export interface ForkPoint {
  /** The checkpoint's bytes, or the file that holds them. */
  checkpoint: Uint8Array | string;
  /** What to call it in messages; by default the file's name. */
  source?: string;
}

/** What the record of a forked run says of the run it came from. */
export interface ParentRun {
  /** Digest of the checkpoint's contents. */
  checkpointSha256: string;
  step: number;
  /** The epoch that was under way. */
  epoch: number;
  /** Digest of the dataset that the parent was trained on. */
  datasetDigest: string;
}

export interface Fork {
  checkpoint: Checkpoint;
  source: string;
  parent: ParentRun;
}

/** Reads the checkpoint to fork from. */
export function readFork({ checkpoint, source }: ForkPoint): Fork {
  const name = source ?? (typeof checkpoint === 'string' ? checkpoint : 'the checkpoint');
  const read = readCheckpoint(typeof checkpoint === 'string' ? readFile(checkpoint) : checkpoint, name);
  const { identity, progress } = read.state;
  const { step, epoch } = progress;
  const parent = { checkpointSha256: read.sha256, step, epoch, datasetDigest: identity.dataset };
  return { checkpoint: read, source: name, parent };
}

/**
 * The tensors that a forked run begins with in place of loaded or drawn ones: all that the parent had trained, and what it had replaced.
 * Heads of tasks that the new definition does not have are left out.
 * @throws BAD_USER_INPUT when the parent's backbone or classes are others
 */
export function forkedWeights(
  { checkpoint, source }: Fork,
  model: ResolvedModel,
  tasks: readonly BoundTask[],
  layout: readonly ParameterInfo[],
): Map<string, HostTensor> {
  const { identity, tasks: parentTasks } = checkpoint.state;
  if (identity.backbone !== model.weightsSha256) {
    throw badInput(
      `model: expected the backbone of the run that is forked, SHA-256 ${identity.backbone}, got ${model.weightsSha256}`,
      { path: 'model', source },
    );
  }
  for (const { name, classes } of tasks) {
    const before = parentTasks.find((task) => task.name === name)?.classes;
    if (before === undefined || before.join('\0') === classes.join('\0')) continue;
    throw badInput(
      `tasks: expected the classes ${before.join(', ')} of ${name}, as in the run that is forked, got ${classes.join(', ')}`,
      { path: 'tasks', source },
    );
  }
  const weights = new Map<string, HostTensor>();
  for (const { name, shape } of layout) {
    const base = model.tensors.get(name);
    const tensor = trainedValue(checkpoint, name, base) ?? checkpoint.tensors.get(`fixed/${name}`);
    if (tensor === undefined) continue;
    if (tensor.data.length !== sizeOf(shape)) {
      throw badInput(
        `${name}: expected [${tensor.shape.join(', ')}], as in the run that is forked, got [${shape.join(', ')}]`,
        { path: 'tasks', source },
      );
    }
    weights.set(name, tensor);
  }
  return weights;
}

/** Gives Adam the moments of the parent when the same parameters are trained; says whether it did. */
export function takeMoments({ checkpoint }: Fork, store: ParameterStore): boolean {
  const trained = Object.keys(checkpoint.state.steps);
  const same =
    trained.length === store.parameters.size && trained.every((name) => store.get(name) !== undefined);
  if (same) for (const parameter of store.parameters.values()) restoreMoments(checkpoint, parameter);
  return same;
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const what = missing ? 'there is no such file' : (error as Error).message;
    throw new FrostlineError('BAD_USER_INPUT', `expected a checkpoint, a safetensors file, ${what}`, {
      source: path,
      cause: error,
    });
  }
}
