import { type Queryable } from '../db/database.js';
import { median } from './median.js';

/** What of a run tells how long it takes. */
export interface RunShape {
  experimentId: string | null;
  datasetId: string | null;
  model: string;
  freezeLabel: string;
  epochs: number;
}

/** Finished runs that are looked at: the newest, as machines and versions change. */
const PAST_RUNS = 500;

/**
 * A function that estimates how many seconds a run takes from beginning to end: the median of what an epoch took in finished runs like
 * it, times its epochs. Like it are those of its experiment that freeze the same; where there are none, of its dataset and model that
 * freeze the same; then of its experiment; then of its model; then any. null when nothing has ever finished.
 */
export async function readEstimates(client: Queryable): Promise<(run: RunShape) => number | null> {
  const { rows } = await client.query<RunShape & { seconds: number }>(
    `SELECT experiment_id AS "experimentId", dataset_id AS "datasetId", definition ->> 'model' AS model,
            "freeze" ->> 'label' AS "freezeLabel", epochs,
            (SELECT sum(extract(epoch FROM attempt.finished_at - attempt.started_at))::float8 FROM attempt
             WHERE run_id = run.id) AS seconds
     FROM run WHERE state = 'FINISHED' AND NOT external ORDER BY sequence DESC LIMIT $1`,
    [PAST_RUNS],
  );
  const groups = new Map<string, number[]>();
  for (const { seconds, ...run } of rows) {
    if (seconds === null || run.epochs === 0) continue;
    for (const key of keysOf(run)) groups.set(key, [...(groups.get(key) ?? []), seconds / run.epochs]);
  }
  return (run) => {
    const alike = keysOf(run).find((key) => groups.has(key));
    return alike === undefined ? null : median(groups.get(alike)!) * run.epochs;
  };
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
