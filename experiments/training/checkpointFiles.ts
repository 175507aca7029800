import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

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
const kept = 2;

/** The checkpoints of one run in a folder: `step-<n>.safetensors` and, once that is whole and on disk, `step-<n>.json`. */
export class CheckpointFiles {
  constructor(private readonly folder: string) {}

  /** Writes a checkpoint and removes those that are no longer kept. */
  write(step: number, epoch: number, content: Uint8Array): { record: CheckpointRecord; path: string } {
    mkdirSync(this.folder, { recursive: true });
    const record = { step, epoch, sha256: sha256(content), bytes: content.byteLength };
    const path = this.#path(step, 'safetensors');
    writeAtomically(path, content);
    writeAtomically(this.#path(step, 'json'), Buffer.from(`${JSON.stringify(record)}\n`));
    for (const older of this.#steps().slice(kept)) {
      rmSync(this.#path(older, 'json'), { force: true });
      rmSync(this.#path(older, 'safetensors'), { force: true });
    }
    return { record, path };
  }

  /** The newest checkpoint that is whole; `onDamage` is told of newer ones that are not. */
  newest(onDamage: (message: string) => void): StoredCheckpoint | undefined {
    for (const step of this.#steps()) {
      const path = this.#path(step, 'safetensors');
      try {
        const record = JSON.parse(readFileSync(this.#path(step, 'json'), 'utf8')) as CheckpointRecord;
        const bytes = readFileSync(path);
        if (sha256(bytes) === record.sha256) return { record, path, bytes };
        onDamage(
          `The checkpoint ${path} is damaged: expected SHA-256 ${record.sha256}, got ${sha256(bytes)}`,
        );
      } catch (error) {
        onDamage(`The checkpoint ${path} cannot be read: ${(error as Error).message}`);
      }
    }
    return undefined;
  }

  /** Removes every checkpoint. */
  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Steps that have a checkpoint, newest first. */
  #steps(): number[] {
    let names: string[];
    try {
      names = readdirSync(this.folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    const steps = names.flatMap((name) => /^step-(\d+)\.json$/.exec(name)?.[1] ?? []);
    return steps.map(Number).sort((a, b) => b - a);
  }

  #path(step: number, extension: 'json' | 'safetensors'): string {
    return join(this.folder, `step-${step}.${extension}`);
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function writeAtomically(path: string, content: Uint8Array): void {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const file = openSync(temporary, 'wx');
    try {
      for (let written = 0; written < content.byteLength;) written += writeSync(file, content, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}
