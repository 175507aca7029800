import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { badInput, FrostlineError } from '../../errors.js';
import { removeUnfinished, writeAtomically } from './atomicFile.js';

/** What is known of a checkpoint without reading it; written last, so a checkpoint without it is not one. */
export interface CheckpointRecord {
  step: number;
  epoch: number;
  sha256: string;
  bytes: number;
}

export interface StoredCheckpoint {
  record: CheckpointRecord;
  path: string;
  bytes: Uint8Array;
}

/** How many of the newest checkpoints stay: one to resume from, and one in case that one was damaged. */
const newestKept = 2;

/** The checkpoints of one run in a folder: `step-<n>.safetensors` and, once that is whole and on disk, `step-<n>.json`. */
export class CheckpointFiles {
  /** @param keepAll whether none is ever removed */
  constructor(
    private readonly folder: string,
    private readonly keepAll: boolean,
  ) {}

  /**
   * Writes a checkpoint. Then removes all but the newest two and that of `bestStep`, unless all are to be kept.
   * Whatever fails, the checkpoints that were there before stay as they are.
   */
  write(
    { step, epoch }: Pick<CheckpointRecord, 'step' | 'epoch'>,
    content: Uint8Array,
    bestStep: number | null,
  ): { record: CheckpointRecord; path: string } {
    mkdirSync(this.folder, { recursive: true });
    removeUnfinished(this.folder);
    const record = { step, epoch, sha256: sha256(content), bytes: content.byteLength };
    const path = this.#path(step, 'safetensors');
    writeAtomically(path, content);
    writeAtomically(this.#path(step, 'json'), Buffer.from(`${JSON.stringify(record)}\n`));
    if (!this.keepAll) this.#removeAllBut(bestStep);
    return { record, path };
  }

  /** The checkpoint of a step. @throws BAD_USER_INPUT when there is none, CORRUPT when it is damaged */
  at(step: number): StoredCheckpoint {
    const steps = this.steps();
    if (!steps.includes(step)) {
      const there = steps.length === 0 ? 'none' : `those of steps ${steps.reverse().join(', ')}`;
      throw badInput(`expected a checkpoint of step ${step}, there are ${there}`, { source: this.folder });
    }
    return this.#read(step);
  }

  /**
   * The newest checkpoint that is whole, undefined when there is none at all; `onDamage` is told of newer ones that are not whole.
   * @throws CORRUPT when there are checkpoints and every one is damaged
   */
  newest(onDamage: (message: string) => void): StoredCheckpoint | undefined {
    const steps = this.steps();
    const damaged: FrostlineError[] = [];
    for (const step of steps) {
      try {
        const stored = this.#read(step);
        for (const { message, source } of damaged) {
          onDamage(`${source}: ${message}; the checkpoint of step ${step} is used instead`);
        }
        return stored;
      } catch (error) {
        if (!(error instanceof FrostlineError)) throw error;
        damaged.push(error);
      }
    }
    const [newest, ...older] = damaged;
    if (newest === undefined) return undefined;
    const others = older.length === 0 ? 'there is no other' : `so are all ${older.length} older ones`;
    throw new FrostlineError('CORRUPT', `${newest.message}; ${others}`, { source: newest.source });
  }

  /** Steps that have a checkpoint, newest first. */
  steps(): number[] {
    return this.#stepsOf('json');
  }

  removeAll(): void {
    for (const step of this.steps()) this.#remove(step);
  }

  #stepsOf(extension: string): number[] {
    let names: string[];
    try {
      names = readdirSync(this.folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    const steps = names.flatMap((name) => {
      const [, step, found] = /^step-(\d+)\.(\w+)$/.exec(name) ?? [];
      return found === extension ? [Number(step)] : [];
    });
    return steps.sort((a, b) => b - a);
  }

  #read(step: number): StoredCheckpoint {
    const path = this.#path(step, 'safetensors');
    return { path, ...readChecked(path, this.#path(step, 'json')) };
  }

  #removeAllBut(bestStep: number | null): void {
    const steps = this.steps();
    const kept = new Set([...steps.slice(0, newestKept), bestStep]);
    // Without a record: a process was killed between the two files.
    const withoutRecord = this.#stepsOf('safetensors').filter((step) => !steps.includes(step));
    for (const step of [...steps, ...withoutRecord]) {
      if (!kept.has(step)) this.#remove(step);
    }
  }

  #remove(step: number): void {
    rmSync(this.#path(step, 'json'), { force: true });
    rmSync(this.#path(step, 'safetensors'), { force: true });
  }

  #path(step: number, extension: 'json' | 'safetensors'): string {
    return join(this.folder, `step-${step}.${extension}`);
  }
}

/** Reads a checkpoint and compares it with the record beside it. */
function readChecked(path: string, recordPath: string): { record: CheckpointRecord; bytes: Uint8Array } {
  let record: CheckpointRecord;
  let bytes: Uint8Array;
  try {
    record = JSON.parse(readFileSync(recordPath, 'utf8')) as CheckpointRecord;
    bytes = readFileSync(path);
  } catch (error) {
    throw new FrostlineError('CORRUPT', `the checkpoint cannot be read (${(error as Error).message})`, {
      source: path,
      cause: error,
    });
  }
  const found = sha256(bytes);
  if (found === record.sha256) return { record, bytes };
  throw new FrostlineError(
    'CORRUPT',
    `the checkpoint is damaged: expected SHA-256 ${record.sha256}, got ${found}`,
    { source: path },
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
