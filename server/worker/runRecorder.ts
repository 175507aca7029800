import { readFile } from 'node:fs/promises';
import type {
  CheckpointEvent,
  EpochEvent,
  EvaluationEvent,
  StartedEvent,
  TrainingEvent,
} from '../../experiments/training/events.js';
import { type BlobStore, type StoredBlob } from '../blobs/blobStore.js';
import { type Database, type Queryable } from '../db/database.js';
import { isConnectionLoss } from '../db/connectionLoss.js';
import { notify, type Notification } from '../db/notifications.js';
import { type AppendedSeries, appendSeries } from '../metrics/appendMetrics.js';
import { pointsOf } from '../metrics/columns.js';
import { rebuildSummaries } from '../metrics/rebuildSummaries.js';
import { putAgain } from '../blobs/blobRecords.js';
import { type AttemptKey, AttemptLostError, type AttemptRequests, withAttempt } from '../runs/attempts.js';
import { writeCheckpoint } from '../runs/checkpoints.js';
import { type AttemptEnd, endAttempt } from '../runs/endAttempt.js';
import { removeCheckpoints } from '../runs/removeCheckpoints.js';
import { appendLogs, type NewLogLine, nextLogSequence } from '../runs/logs.js';
import { type EvaluationRecorder } from './evaluationRecorder.js';
import { metricsOf } from './metricsOf.js';
import { type SystemReading } from './systemMonitor.js';

/** Points and lines wait at most this long; the agreement is half a second. */
const FLUSH_MS = 300;
/** How often the machine is looked at. */
const SAMPLE_MS = 5_000;
/** Beyond so many waiting points training waits for the database. */
const MAX_WAITING = 50_000;
/** How long the database may be away before the attempt is given up. */
const PATIENCE_MS = 120_000;

interface Waiting {
  steps: number[];
  values: number[];
  times: number[];
}

export interface CheckpointPolicy {
  /** Whether each is kept, or only the newest and the best. */
  keepAll: boolean;
  /** Whether the state at the end is stored as well, although the run keeps its weights. */
  keepLast: boolean;
}

export interface RecorderHooks {
  /** Somebody asked for the run to be cancelled or paused. */
  onRequest(requests: AttemptRequests): void;
  /** The attempt is no longer this worker's, or the database has been away for too long. */
  onFailure(error: Error): void;
  /** Hears which points are stored. */
  onAppended?(series: readonly AppendedSeries[]): void;
  /** What the machine does at the moment. */
  readSystem?(): SystemReading[];
}

/**
 * Takes a training run's events and writes them to Postgres in batches, each in one transaction that holds the attempt. While
 * the database is away everything is kept and tried again; nothing is written twice and nothing is lost.
 */
export class RunRecorder {
  readonly #metrics = new Map<string, Waiting>();
  #waiting = 0;
  #lines: NewLogLine[] = [];
  #progress: { step: number; epoch: number } | null = null;
  #step = 0;
  #lastSample = -Infinity;
  #nextLine = 1;
  #started: StartedEvent | null = null;
  #totalSteps = Infinity;
  /** By a clock that only goes forward, as the other waits here: the system's may jump. */
  #lastFlush = performance.now();
  #lastSuccess = performance.now();
  #flushing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    readonly key: AttemptKey & { experimentId: string | null },
    private readonly checkpoints: CheckpointPolicy,
    readonly evaluations: EvaluationRecorder,
    private readonly hooks: RecorderHooks,
  ) {}

  /** Begins to flush by the clock. */
  async start(): Promise<void> {
    this.#nextLine = await nextLogSequence(this.database.pool, this.key.runId);
    this.#timer = setInterval(() => {
      this.#sample();
      void this.flush().catch(this.hooks.onFailure);
    }, FLUSH_MS);
  }

  /** A line of the run's log. */
  log(level: 'info' | 'warn' | 'error', message: string): void {
    this.#lines.push({ sequence: this.#nextLine, time: new Date(), level, message });
    this.#nextLine += 1;
  }

  /** Takes an event; training waits for the promise, which is there only when the database cannot keep up. */
  record(event: TrainingEvent): void | Promise<void> {
    const now = Date.now();
    for (const { name, step, value } of metricsOf(event)) this.#keep(name, step, value, now);
    switch (event.type) {
      case 'started':
        this.#started = event;
        this.#totalSteps = event.totalSteps;
        this.#step = event.resumedFromStep;
        this.#progress = { step: event.resumedFromStep, epoch: 0 };
        return this.flush();
      case 'step':
        this.#step = event.step;
        this.#progress = { step: event.step, epoch: event.epoch - 1 };
        break;
      case 'epoch':
        this.#progress = { step: event.step, epoch: event.epoch };
        this.log('info', describeEpoch(event));
        break;
      case 'log':
        this.log(event.level, event.message);
        break;
      case 'checkpoint':
        return this.#storeCheckpoint(event);
      case 'evaluation':
        this.evaluations.note(event);
        break;
      case 'result':
        break;
    }
    this.#sample();
    // Training that never lets the timers run still gets its batches out in time.
    if (performance.now() - this.#lastFlush > FLUSH_MS || this.#waiting > MAX_WAITING) return this.flush();
  }

  #keep(name: string, step: number, value: number, time: number): void {
    const waiting = this.#metrics.get(name) ?? { steps: [], values: [], times: [] };
    this.#metrics.set(name, waiting);
    waiting.steps.push(step);
    waiting.values.push(value);
    waiting.times.push(time);
    this.#waiting += 1;
  }

  /** Looks at the machine now and then; at the step under way, of which the last look counts. */
  #sample(): void {
    if (performance.now() - this.#lastSample < SAMPLE_MS) return;
    this.#lastSample = performance.now();
    const now = Date.now();
    for (const { name, value } of this.hooks.readSystem?.() ?? []) this.#keep(name, this.#step, value, now);
  }

  /** Writes what waits. Concurrent calls share one write; a lost database is not an error until patience ends. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flush().finally(() => (this.#flushing = null));
    return this.#flushing;
  }

  /** Writes the rest and `finish` with it, and ends the attempt, all in one transaction. */
  async end(end: AttemptEnd, finish: (client: Queryable) => Promise<void> = async () => {}): Promise<void> {
    this.stop();
    const evaluations = await this.evaluations.store(['last', 'best']).catch((error: Error) => {
      this.log('warn', `predictions were not kept: ${error.message}`);
      return null;
    });
    await this.writeWith(async (client) => {
      await evaluations?.write(client);
      await finish(client);
      await endAttempt(client, this.key, end);
    });
    await evaluations?.done();
  }

  /** Stops the clock; what waits stays unwritten. */
  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Writes what waits and `more` with it in one transaction; waits for a database that is away until patience ends. */
  async writeWith(more: (client: Queryable) => Promise<void>): Promise<void> {
    while (this.#flushing) await this.#flushing.catch(() => {});
    this.#flushing = this.#writePatiently(more).finally(() => (this.#flushing = null));
    return this.#flushing;
  }

  async #writePatiently(more: (client: Queryable) => Promise<void>): Promise<void> {
    for (;;) {
      try {
        const batch = this.#take();
        await withAttempt(this.database, this.key, async (client) => {
          await this.#write(client, batch);
          await more(client);
        });
        this.#taken = null;
        this.#lastFlush = this.#lastSuccess = performance.now();
        return;
      } catch (error) {
        this.#putBack();
        if (!isConnectionLoss(error) || performance.now() - this.#lastSuccess > PATIENCE_MS) throw error;
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }

  async #flush(): Promise<void> {
    this.#lastFlush = performance.now();
    try {
      const batch = this.#take();
      const requests = await withAttempt(this.database, this.key, (client) => this.#write(client, batch));
      this.#taken = null;
      this.#lastSuccess = performance.now();
      if (requests.cancelRequested || requests.pauseRequested) this.hooks.onRequest(requests);
    } catch (error) {
      this.#putBack();
      if (error instanceof AttemptLostError) throw error;
      if (!isConnectionLoss(error) || performance.now() - this.#lastSuccess > PATIENCE_MS) throw error;
    }
  }

  #taken: Batch | null = null;

  #take(): Batch {
    const batch: Batch = {
      metrics: new Map(this.#metrics),
      lines: this.#lines,
      progress: this.#progress,
      started: this.#started,
      figures: this.evaluations.takeFigures(),
    };
    this.#metrics.clear();
    this.#waiting = 0;
    this.#lines = [];
    this.#progress = null;
    this.#started = null;
    this.#taken = batch;
    return batch;
  }

  /** What could not be written goes back in front of what came since. */
  #putBack(): void {
    const batch = this.#taken;
    if (batch === null) return;
    this.#taken = null;
    for (const [name, earlier] of batch.metrics) {
      const later = this.#metrics.get(name);
      this.#metrics.set(
        name,
        later === undefined
          ? earlier
          : {
              steps: [...earlier.steps, ...later.steps],
              values: [...earlier.values, ...later.values],
              times: [...earlier.times, ...later.times],
            },
      );
      this.#waiting += earlier.steps.length;
    }
    this.#lines = [...batch.lines, ...this.#lines];
    this.#progress ??= batch.progress;
    this.#started ??= batch.started;
    this.evaluations.putBack(batch.figures);
  }

  async #write(client: Queryable, { metrics, lines, progress, started, figures }: Batch): Promise<void> {
    const { runId, attempt, experimentId } = this.key;
    const notifications: Notification[] = [];
    if (started !== null) await this.#writeStarted(client, started);
    const series = [...metrics].map(([name, { steps, values, times }]) => ({
      ...{ runId, attempt, name },
      points: pointsOf(steps, values, times),
    }));
    this.hooks.onAppended?.(await appendSeries(client, series));
    await this.evaluations.writeFigures(client, figures);
    await appendLogs(client, this.key, lines);
    if (lines.length > 0) notifications.push({ type: 'log', runId });
    if (progress !== null) {
      await client.query('UPDATE run SET step = $2, epoch = $3 WHERE id = $1', [
        runId,
        progress.step,
        progress.epoch,
      ]);
      await client.query('UPDATE attempt SET last_step = $3 WHERE run_id = $1 AND number = $2', [
        runId,
        attempt,
        progress.step,
      ]);
    }
    if (progress !== null || started !== null) notifications.push({ type: 'run', runId, experimentId });
    await notify(client, ...notifications);
  }

  async #writeStarted(client: Queryable, started: StartedEvent): Promise<void> {
    const { runId, attempt } = this.key;
    await client.query(
      `UPDATE attempt SET state = 'RUNNING', device = $3, first_step = $4 WHERE run_id = $1 AND number = $2`,
      [runId, attempt, started.device, started.resumedFromStep],
    );
    await client.query(
      `UPDATE run SET state = 'RUNNING', total_steps = $2, epochs = $3, trainable_parameters = $4, total_parameters = $5,
              provenance = provenance || $6 WHERE id = $1`,
      [
        runId,
        started.totalSteps,
        started.epochs,
        started.trainableParameters,
        started.totalParameters,
        JSON.stringify({ device: started.device, deterministic: started.environment.deterministic }),
      ],
    );
    await client.query(
      'UPDATE worker SET device = $3 WHERE id = (SELECT worker_id FROM attempt WHERE run_id = $1 AND number = $2)',
      [runId, attempt, started.device],
    );
    if (attempt > 1) await rebuildSummaries(client, runId);
  }

  /** What a run that is resumed here does not do again goes into the database with the checkpoint, or would be lost. */
  async #storeCheckpoint(event: CheckpointEvent): Promise<void> {
    const { step, epoch, best } = event;
    const { keepAll, keepLast } = this.checkpoints;
    if (step >= this.#totalSteps && !keepLast) return;
    const content = await readFile(event.path);
    let blob: StoredBlob;
    try {
      blob = await this.blobs.put(content);
    } catch (error) {
      this.log('warn', `the checkpoint of step ${step} could not be stored: ${(error as Error).message}`);
      return;
    }
    const kind = best ? 'best' : 'checkpoint';
    const evaluations = await this.evaluations.store(['best']);
    await this.writeWith(async (client) => {
      await evaluations.write(client);
      await writeCheckpoint(client, this.key, { step, epoch, kind, blob });
      await putAgain(this.blobs, blob, content);
    });
    await evaluations.done();
    if (!keepAll)
      await removeCheckpoints(this.database, this.blobs, { runId: this.key.runId, kind, butStep: step });
  }
}

interface Batch {
  metrics: Map<string, Waiting>;
  lines: NewLogLine[];
  progress: { step: number; epoch: number } | null;
  started: StartedEvent | null;
  figures: EvaluationEvent | null;
}

function describeEpoch({ epoch, loss, train, seconds }: EpochEvent): string {
  const accuracies = Object.entries(train)
    .filter(([, { accuracy }]) => accuracy !== null)
    .map(([task, { accuracy }]) => `, ${task} ${(100 * accuracy!).toFixed(1)} %`);
  return `epoch ${epoch}: loss ${loss.toFixed(4)}${accuracies.join('')}, ${seconds.toFixed(2)} s`;
}
