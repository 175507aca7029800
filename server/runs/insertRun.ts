import { randomUUID } from 'node:crypto';
import { FrostlineError } from '../../experiments/errors.js';
import { type Queryable } from '../db/database.js';
import { notify } from '../db/notifications.js';
import { enqueueRun } from '../queue/runQueue.js';
import { type PlannedRun } from './planRuns.js';

/** Where a run belongs, and how it is treated in the queue. */
export interface RunPlace {
  experimentId: string | null;
  datasetId: string;
  /** Runs with more go first. */
  priority: number;
  /** Attempts that may fail by a fault of ours or lose their worker. */
  maxAttempts: number;
  /** The runs it competes with, where the worst are ended early. */
  pruningId?: string | null;
}

/** Writes a planned run and queues it. Part of a transaction; returns the run's id. */
export async function insertRun(
  client: Queryable,
  run: PlannedRun,
  { experimentId, datasetId, priority, maxAttempts, pruningId = null }: RunPlace,
): Promise<string> {
  const id = randomUUID();
  const { definition } = run;
  const inserted = client.query(
    `INSERT INTO run (id, name, experiment_id, freeze_config_id, dataset_id, definition, definition_digest, seed, "freeze",
                      trainable_parameters, total_parameters, epochs, priority, max_attempts, pruning_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      id,
      run.name,
      experimentId,
      run.freezeConfigId,
      datasetId,
      JSON.stringify(definition),
      run.definitionDigest,
      definition.training.seed,
      JSON.stringify(run.freeze),
      run.trainableParameters,
      run.totalParameters,
      definition.training.epochs,
      priority,
      maxAttempts,
      pruningId,
    ],
  );
  await inserted.catch((error: unknown) => {
    throw isDatasetGone(error) ? datasetGone(definition.dataset) : error;
  });
  await enqueueRun(client, id);
  await notify(client, { type: 'run', runId: id, experimentId });
  return id;
}

/** The dataset was there when the run was planned. */
function isDatasetGone(error: unknown): boolean {
  return (error as { constraint?: string }).constraint === 'run_dataset_id_fkey';
}

function datasetGone(reference: string): FrostlineError {
  return new FrostlineError('CONFLICT', `dataset: ${reference} was deleted meanwhile`, { path: 'dataset' });
}
