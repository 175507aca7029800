import { type Queryable } from '../db/database.js';
import { median } from './median.js';

/** What of a run tells how long it takes. */
export interface RunShape {
  experimentId: string | null;
  datasetId: string | null;
  /** Rows that an epoch goes over; null when they are not known. */
  trainRows: number | null;
  model: string;
  freezeLabel: string;
  epochs: number;
}

/** Finished runs that are looked at: the newest, as machines and versions change. */
const PAST_RUNS = 500;

/** SQL for the rows that an epoch of a run goes over, on a database table `run`. */
export const TRAIN_ROWS = `(SELECT (dataset.splits ->> 'train')::int FROM dataset WHERE dataset.id = run.dataset_id)`;

/**
 * A function that estimates how many seconds a run takes from beginning to end: the median of what an epoch took in finished runs like
 * it, times its epochs; and where those had other data, times its rows over theirs. Like it are those of its experiment that freeze the
 * same; where there are none, of its dataset and model that freeze the same; then of its experiment; then of its model; then any. null
 * when nothing has ever finished.
 */
export async function readEstimates(client: Queryable): Promise<(run: RunShape) => number | null> {
  const { rows } = await client.query<RunShape & { seconds: number }>(
    `SELECT experiment_id AS "experimentId", dataset_id AS "datasetId", definition ->> 'model' AS model,
            "freeze" ->> 'label' AS "freezeLabel", epochs, ${TRAIN_ROWS} AS "trainRows",
            (SELECT sum(extract(epoch FROM attempt.finished_at - attempt.started_at))::float8 FROM attempt
             WHERE run_id = run.id) AS seconds
     FROM run WHERE state = 'FINISHED' AND NOT external ORDER BY sequence DESC LIMIT $1`,
    [PAST_RUNS],
  );
  const groups = new Map<string, Epoch[]>();
  for (const { seconds, ...run } of rows) {
    if (seconds === null || run.epochs === 0) continue;
    const epoch = { seconds: seconds / run.epochs, rows: run.trainRows };
    for (const key of keysOf(run)) groups.set(key, [...(groups.get(key) ?? []), epoch]);
  }
  return (run) => {
    const alike = keysOf(run).find((key) => groups.has(key));
    if (alike === undefined) return null;
    return median(groups.get(alike)!.map((epoch) => secondsOver(run.trainRows, epoch))) * run.epochs;
  };
}

/** What an epoch of a past run took, and the rows it went over. */
interface Epoch {
  seconds: number;
  rows: number | null;
}

/** What such an epoch would take over so many rows; where either number is missing, as long as it took. */
function secondsOver(wanted: number | null, { seconds, rows }: Epoch): number {
  return wanted && rows ? (seconds * wanted) / rows : seconds;
}

/** What a run may have in common with others, the most telling first. */
function keysOf({ experimentId, datasetId, model, freezeLabel }: RunShape): string[] {
  const keys = [
    ['experiment and freeze', experimentId, freezeLabel],
    ['data, model and freeze', datasetId, model, freezeLabel],
    ['experiment', experimentId],
    ['model', model],
    ['any'],
  ];
  // Runs that belong to no experiment have none in common.
  const known = experimentId === null ? keys.filter(([what]) => !what!.startsWith('experiment')) : keys;
  return known.map((key) => JSON.stringify(key));
}
