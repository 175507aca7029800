import { FrostlineError } from '../../errors.js';
import { sameEnvironment, type Environment } from '../history.js';
import type { ParameterStore } from '../optimizer/parameterStore.js';
import type { Progress } from '../progress.js';
import { differences, type RunIdentity } from '../runIdentity.js';
import type { TrainingSetup } from '../setup.js';
import { readCheckpoint, restoreCheckpoint, writeCheckpoint } from './checkpoint.js';
import { CheckpointFiles } from './checkpointFiles.js';

/** Without a period of its own a run writes a checkpoint when this long has gone by, so that little work is ever lost. */
const standardPeriodMs = 60_000;

/**
 * Decides when a run's state is written, writes it, and finds it again. It is written
 * - every `checkpointEvery` steps, or without such a period once a minute;
 * - when an evaluation is the best so far, if the definition sets `checkpointEvery` or `earlyStopping`;
 * - at the end, and when the run is cancelled.
 * The newest two and the best stay, or all of them when `keepCheckpoints` is `all`.
 */
export class Checkpointer {
  readonly #files: CheckpointFiles;
  #lastWritten = performance.now();
  /** Of the checkpoint that was last written, or tried. */
  #lastStep = -1;

  constructor(
    folder: string,
    private readonly setup: TrainingSetup,
    private readonly store: ParameterStore,
    private readonly identity: RunIdentity,
  ) {
    this.#files = new CheckpointFiles(folder, setup.settings.keepCheckpoints === 'all');
  }

  /** Removes what an earlier run left in the folder: its later steps would count as newer than those of a run that begins anew. */
  removeEarlier(): void {
    this.#files.removeAll();
  }

  /**
   * Puts the state of a step's checkpoint, or of the newest whole one, back; undefined when there is none. Damaged ones are told of
   * and passed over.
   */
  async restore(environment: Environment, step?: number): Promise<Progress | undefined> {
    const damaged: string[] = [];
    const stored =
      step === undefined ? this.#files.newest((message) => damaged.push(message)) : this.#files.at(step);
    for (const message of damaged) await this.#warn(message);
    if (stored === undefined) return undefined;
    const checkpoint = readCheckpoint(stored.bytes, stored.path);
    this.#checkIdentity(checkpoint.state.identity, stored.path);
    const progress = restoreCheckpoint(checkpoint, this.store, this.setup.tasks);
    this.#lastStep = progress.step;
    const last = progress.history.environments.at(-1)?.environment;
    if (last !== undefined && !sameEnvironment(last, environment)) {
      await this.#warn(
        `The run went so far on ${describe(last)} and goes on on ${describe(environment)}: its last bits may differ from those of a run in one go`,
      );
    }
    return progress;
  }

  /** Writes a checkpoint if the period has passed, or if the evaluation just made is the best. */
  async writeIfDue(progress: Progress): Promise<void> {
    const { checkpointEvery, earlyStopping } = this.setup.settings;
    const { step, best } = progress;
    const period =
      checkpointEvery === null
        ? performance.now() - this.#lastWritten >= standardPeriodMs
        : step % checkpointEvery === 0;
    const isBest = best?.step === step && (checkpointEvery !== null || earlyStopping !== null);
    if (step > 0 && (period || isBest)) await this.write(progress);
  }

  /** Writes a checkpoint unless there is one of this step. Where that fails it is said, and the run goes on without. */
  async write(progress: Progress): Promise<void> {
    const { step, epoch, best } = progress;
    if (step === 0 || step === this.#lastStep) return;
    this.#lastWritten = performance.now();
    this.#lastStep = step;
    let written;
    try {
      const content = writeCheckpoint(this.store, progress, this.setup, this.identity);
      written = this.#files.write({ step, epoch }, content, best?.step ?? null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined || error instanceof FrostlineError) throw error;
      const [newest] = this.#files.steps();
      const left = newest === undefined ? 'there is none yet' : `the newest is that of step ${newest}`;
      await this.#warn(
        `The checkpoint of step ${step} could not be written (${(error as Error).message}); the run goes on, ${left}`,
      );
      return;
    }
    const { record, path } = written;
    await this.setup.request.onEvent({ type: 'checkpoint', path, ...record, best: best?.step === step });
  }

  #checkIdentity(found: RunIdentity, source: string): void {
    const [first, ...others] = differences(found, this.identity);
    if (first === undefined) return;
    const more = others.length === 0 ? '' : `, and ${others.map(({ what }) => what).join(', ')}`;
    throw new FrostlineError(
      'CONFLICT',
      `expected a checkpoint of this run, got one with another ${first.what} (${text(first.was)} instead of ${text(first.is)})${more}; train into another folder, begin anew with --overwrite, or --fork it`,
      { source },
    );
  }

  async #warn(message: string): Promise<void> {
    await this.setup.request.onEvent({ type: 'log', level: 'warn', message });
  }
}

function describe({ device, processor, engine }: Environment): string {
  return `${device}, ${processor}, engine ${engine.slice(0, 8)}`;
}

function text(value: unknown): string {
  return JSON.stringify(value ?? null);
}
