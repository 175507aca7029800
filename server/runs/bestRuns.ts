import { type Database } from '../db/database.js';
import { type Run } from '../db/generated/client.js';

/** The run that did best at a task of a dataset. */
export interface BestRun {
  dataset: string;
  task: string;
  metric: string;
  value: number;
  /** Finished runs that were measured by the same metric. */
  candidates: number;
  run: Run;
}

/**
 * The finished run with the highest accuracy of each dataset and task, datasets with the newest runs first. Accuracies on validation
 * rows go before those on training rows; of equal ones the run that took less compute wins, then the older.
 */
export async function bestRuns({ pool, prisma }: Database, first: number): Promise<BestRun[]> {
  const { rows } = await pool.query<Omit<BestRun, 'run'> & { id: string }>(
    `WITH measured AS (
       SELECT run.id, run.sequence, run.compute_seconds, run.definition ->> 'dataset' AS dataset, summary.name, summary.last,
              substring(summary.name FROM '^(?:validation|epoch)/(.+)/accuracy$') AS task,
              summary.name LIKE 'validation/%' AS validated
       FROM metric_summary summary JOIN run ON run.id = summary.run_id
       WHERE summary.name ~ '^(validation|epoch)/.+/accuracy$' AND summary.last BETWEEN -1e300 AND 1e300
         AND run.state = 'FINISHED' AND jsonb_typeof(run.definition -> 'dataset') = 'string'),
     ranked AS (
       SELECT *, row_number() OVER best AS place, count(*) OVER (PARTITION BY dataset, task, validated)::int AS candidates,
              max(sequence) OVER (PARTITION BY dataset) AS newest
       FROM measured
       WINDOW best AS (PARTITION BY dataset, task
                       ORDER BY validated DESC, last DESC, compute_seconds ASC NULLS LAST, sequence))
     SELECT id, dataset, task, name AS metric, last AS value, candidates FROM ranked WHERE place = 1
     ORDER BY newest DESC, dataset, task LIMIT $1`,
    [first],
  );
  const runs = await prisma.run.findMany({ where: { id: { in: rows.map(({ id }) => id) } } });
  const byId = new Map(runs.map((run) => [run.id, run]));
  // A run that was deleted in between is left out.
  return rows.flatMap(({ id, ...best }) => {
    const run = byId.get(id);
    return run === undefined ? [] : [{ ...best, run }];
  });
}
