import { higherIsBetter } from '../metrics/direction.js';
import { type MetricValue } from '../query/tree.js';
import { type SqlParameters } from './sqlParameters.js';

/**
 * The tables that a list of runs is read from: `run`, and what its conditions and its order ask for beside it. Each metric is
 * one join, however often it is mentioned, so that a condition on it becomes a plain comparison of a column: the planner then
 * starts from whichever side is smaller. Subqueries for each comparison took several times as long.
 */
export class RunTables {
  readonly #parameters: SqlParameters;
  readonly #metrics = new Map<string, string>();
  readonly #joins: string[] = [];
  #hasExperiment = false;

  constructor(parameters: SqlParameters) {
    this.#parameters = parameters;
  }

  /** The column of a run's metric; null in runs that do not have it. */
  metric(name: string, of: MetricValue): string {
    let alias = this.#metrics.get(name);
    if (alias === undefined) {
      alias = `metric_${this.#metrics.size + 1}`;
      this.#metrics.set(name, alias);
      const place = this.#parameters.add(name, 'text');
      this.#joins.push(
        `LEFT JOIN metric_summary ${alias} ON ${alias}.run_id = run.id AND ${alias}.name = ${place}`,
      );
    }
    if (of !== 'best') return `${alias}.${of}`;
    return higherIsBetter(name) ? `${alias}.max` : `${alias}.min`;
  }

  /** The name of a run's experiment; null in runs without one. */
  experimentName(): string {
    if (!this.#hasExperiment) this.#joins.push('LEFT JOIN experiment ON experiment.id = run.experiment_id');
    this.#hasExperiment = true;
    return 'experiment.name';
  }

  /** What a statement selects from. */
  from(): string {
    return ['run', ...this.#joins].join('\n  ');
  }
}

/** Seconds from start to end; null until the run has ended. */
export const durationSql = 'extract(epoch FROM run.finished_at - run.started_at)::float8';

/**
 * How much of a network trains, in one word: `full`, `partial`, `head-only` or `frozen`, whether a preset said it or the parts come
 * to the same. Null where another program trains.
 */
export const regimeSql = `CASE
  WHEN run.external THEN NULL
  WHEN run."freeze" ->> 'preset' IN ('full', 'head-only', 'frozen') THEN run."freeze" ->> 'preset'
  WHEN (run."freeze" ->> 'trainableShare')::float8 = 0 THEN 'frozen'
  WHEN (run."freeze" ->> 'trainableShare')::float8 = 1 THEN 'full'
  WHEN (run."freeze" ->> 'embeddingsFrozen')::boolean AND (run."freeze" ->> 'totalBlocks')::int > 0
    AND run."freeze" -> 'frozenBlocks' = run."freeze" -> 'totalBlocks' THEN 'head-only'
  ELSE 'partial' END`;

/** The name of the worker that has the newest attempt; null while none has taken the run. */
export const workerSql = `(SELECT worker.name FROM attempt LEFT JOIN worker ON worker.id = attempt.worker_id
  WHERE attempt.run_id = run.id ORDER BY attempt.number DESC LIMIT 1)`;

/** What is so or not, of each run. */
export const flagSql = { paused: '(run.pause_requested_at IS NOT NULL)', pruned: 'run.pruned' } as const;
