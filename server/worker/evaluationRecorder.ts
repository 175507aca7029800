import { type RowPrediction } from '../../experiments/training/evaluation/predictions.js';
import { type EvaluationEvent } from '../../experiments/training/events.js';
import { releaseBlob } from '../blobs/blobRecords.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Database, type Queryable } from '../db/database.js';
import { type Moment } from '../evaluations/moment.js';
import { packPredictions } from '../evaluations/predictionsFile.js';
import { writeEvaluation } from '../evaluations/writeEvaluation.js';
import { writePredictions } from '../evaluations/writePredictions.js';

/** Something to write in a transaction, and to do once it is over. */
export interface PendingWrite {
  write(client: Queryable): Promise<void>;
  done(): Promise<void>;
}

/**
 * Keeps what a run's evaluations came to until it is written: figures at every flush, predictions only with a checkpoint or at the
 * end, as a run that goes on from there does not make the earlier ones again.
 */
export class EvaluationRecorder {
  #last: EvaluationEvent | null = null;
  #best: EvaluationEvent | null = null;
  #figures: EvaluationEvent | null = null;
  #end: { step: number; predictions: readonly RowPrediction[] } | null = null;
  readonly #written = new Map<Moment, number>();

  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly runId: string,
    private readonly tasks: () => readonly { name: string; classes: readonly string[] }[],
  ) {}

  note(event: EvaluationEvent): void {
    this.#last = this.#figures = event;
    if (event.best) this.#best = event;
  }

  /** A run that was resumed when all its steps were done makes no evaluation of its own: its predictions at the end are those. */
  noteEnd(step: number, predictions: readonly RowPrediction[]): void {
    if (this.#last === null && predictions.length > 0) this.#end = { step, predictions };
  }

  /** Takes the figures that wait to be written. */
  takeFigures(): EvaluationEvent | null {
    const figures = this.#figures;
    this.#figures = null;
    return figures;
  }

  /** Takes back figures that could not be written, unless newer ones have come. */
  putBack(figures: EvaluationEvent | null): void {
    this.#figures ??= figures;
  }

  async writeFigures(client: Queryable, figures: EvaluationEvent | null): Promise<void> {
    if (figures !== null) await writeEvaluation(client, this.runId, 'last', figures, this.tasks());
  }

  /** Stores the best evaluation and its predictions, for a checkpoint; both moments', at the end. */
  async store(moments: readonly Moment[]): Promise<PendingWrite> {
    const pending = await Promise.all(moments.map((moment) => this.#store(moment)));
    return {
      write: async (client) => {
        for (const one of pending) await one?.write(client);
      },
      done: async () => {
        for (const one of pending) await one?.done();
      },
    };
  }

  async #store(moment: Moment): Promise<PendingWrite | null> {
    const { runId, blobs } = this;
    const event = moment === 'best' ? this.#best : this.#last;
    const step = event?.step ?? (moment === 'last' ? this.#end?.step : undefined);
    if (step === undefined || this.#written.get(moment) === step) return null;
    const tasks = this.tasks();
    const content = packPredictions(event?.predictions() ?? this.#end!.predictions, tasks);
    const blob = await blobs.put(content);
    let replaced: string | null = null;
    return {
      write: async (client) => {
        if (event !== null) await writeEvaluation(client, runId, moment, event, tasks);
        replaced = await writePredictions(client, blobs, { runId, moment, step }, { blob, content });
      },
      done: async () => {
        this.#written.set(moment, step);
        if (replaced !== null) await releaseBlob(this.database, blobs, replaced);
      },
    };
  }
}
