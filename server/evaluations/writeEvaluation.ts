import { type EvaluationEvent } from '../../experiments/training/events.js';
import { type Queryable } from '../db/database.js';
import { type Moment } from './moment.js';

/** What a task came to, as it is stored: figures that are no finite numbers are null. */
export interface StoredTaskEvaluation {
  name: string;
  classes: string[];
  /** confusion[actual][predicted] */
  confusion: number[][];
  labelled: number;
  loss: number | null;
  accuracy: number | null;
  macroF1: number | null;
}

/** Enters an evaluation as a run's newest or best one. Part of a transaction that holds the attempt. */
export async function writeEvaluation(
  client: Queryable,
  runId: string,
  moment: Moment,
  { step, epoch, loss, tasks }: EvaluationEvent,
  classes: readonly { name: string; classes: readonly string[] }[],
): Promise<void> {
  const stored = classes.map(({ name, classes: labels }): StoredTaskEvaluation => {
    const { confusion, labelled, loss: taskLoss, accuracy, macroF1 } = tasks[name]!;
    return { name, classes: [...labels], confusion, labelled, loss: taskLoss, accuracy, macroF1 };
  });
  await client.query(
    `INSERT INTO run_evaluation (run_id, moment, step, epoch, loss, tasks) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (run_id, moment) DO UPDATE
       SET step = excluded.step, epoch = excluded.epoch, loss = excluded.loss, tasks = excluded.tasks`,
    [runId, moment, step, epoch, loss, JSON.stringify(stored)],
  );
}
