import { CheckpointFiles } from './checkpointFiles.js';
import { restoreCheckpoint, runIdentity, writeCheckpoint } from './checkpoint.js';
import type { ParameterStore } from './optimizer/parameterStore.js';
import type { Progress } from './progress.js';
import type { TrainingSetup } from './setup.js';

/** Without a period of its own a run writes a checkpoint when this long has gone by, so that little work is ever lost. */
const standardPeriodMs = 60_000;

/** Decides when a run's state is written, writes it, and finds it again. */
export class Checkpointer {
  readonly #files: CheckpointFiles;
  readonly #setup: TrainingSetup;
  readonly #store: ParameterStore;
  readonly #identity: string;
  #lastWritten = performance.now();
  #lastStep = -1;

  constructor(folder: string, setup: TrainingSetup, store: ParameterStore) {
    this.#files = new CheckpointFiles(folder);
    this.#setup = setup;
    this.#store = store;
    this.#identity = runIdentity(setup);
  }

  /** Puts the newest whole checkpoint's state back; undefined when there is none. Damaged ones are told of and passed over. */
  async restore(): Promise<Progress | undefined> {
    const { onEvent } = this.#setup.request;
    const damaged: string[] = [];
    const stored = this.#files.newest((message) => damaged.push(message));
    for (const message of damaged) await onEvent({ type: 'log', level: 'warn', message });
    if (stored === undefined) return undefined;
    return restoreCheckpoint(stored.bytes, this.#store, this.#setup, this.#identity, stored.path);
  }

  /** Writes a checkpoint when the definition's period, or without one the standard time, has passed. */
  async writeIfDue(progress: Progress): Promise<void> {
    const { checkpointEvery } = this.#setup.settings;
    const due =
      checkpointEvery === null
        ? performance.now() - this.#lastWritten >= standardPeriodMs
        : progress.step % checkpointEvery === 0 && progress.step > 0;
    if (!due || progress.step === this.#lastStep) return;
    const content = writeCheckpoint(this.#store, progress, this.#identity);
    const { record, path } = this.#files.write(progress.step, progress.epoch, content);
    this.#lastWritten = performance.now();
    this.#lastStep = progress.step;
    await this.#setup.request.onEvent({ type: 'checkpoint', path, ...record });
  }
}
