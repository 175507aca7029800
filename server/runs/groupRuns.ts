import { type Database } from '../db/database.js';
import { type RunState } from '../db/generated/client.js';
import { printQuery } from '../query/printQuery.js';
import { type Condition, type Field, type MetricValue } from '../query/tree.js';
import { higherIsBetter } from '../metrics/direction.js';
import { filterSql } from './filterSql.js';
import { regimeSql, RunTables } from './runTables.js';
import { SqlParameters } from './sqlParameters.js';

/** What runs can be gathered by. */
export type GroupField =
  'experiment' | 'freeze.regime' | 'freeze.label' | 'dataset' | 'model' | 'tag' | 'state';

export interface GroupedMetric {
  name: string;
  of: MetricValue;
}

export interface RunGroupsRequest {
  by: GroupField;
  /** Which runs; null: all. */
  where: Condition | null;
  /** How many groups at most. */
  first: number;
  /** Metrics to sum up over each group. */
  metrics: readonly GroupedMetric[];
}

/** A metric over the runs of a group that have it, as finite numbers. */
export interface GroupMetric extends GroupedMetric {
  count: number;
  mean: number;
  /** Of a sample; null of one run. */
  deviation: number | null;
}

export interface RunGroup {
  /** What its runs have in common; null: they have no such thing. */
  value: string | null;
  /** In the query language: takes the group's runs. */
  condition: string;
  count: number;
  states: { state: RunState; count: number }[];
  metrics: GroupMetric[];
}

/** Gathers runs by something they have in common, groups with the newest runs first. A run is in the group of each of its tags. */
export async function groupRuns(
  { pool }: Database,
  { by, where, first, metrics }: RunGroupsRequest,
): Promise<{ groups: RunGroup[]; totalCount: number }> {
  const parameters = new SqlParameters();
  const tables = new RunTables(parameters);
  const key = keySql(by, tables);
  const condition = where === null ? 'true' : filterSql(where, { tables, parameters });
  const names = parameters.add(
    metrics.map(({ name }) => name),
    'text[]',
  );
  const columns = parameters.add(metrics.map(columnOf), 'text[]');
  const { rows } = await pool.query<GroupRow>(
    `WITH matched AS MATERIALIZED (
       SELECT run.id, run.sequence, run.state, ${key} AS key FROM ${tables.from()} WHERE ${condition}),
     grouped AS (
       SELECT key, count(*)::int AS count, max(sequence) AS newest FROM matched GROUP BY key
       ORDER BY newest DESC LIMIT ${parameters.add(first, 'int')}),
     states AS (
       SELECT key, jsonb_agg(jsonb_build_object('state', state, 'count', count) ORDER BY state) AS states
       FROM (SELECT key, state, count(*) FROM matched GROUP BY key, state) counted GROUP BY key),
     measured AS (
       SELECT key, place, count(*)::int AS count, avg(value) AS mean, stddev_samp(value) AS deviation
       FROM (
         SELECT matched.key, wanted.place,
                CASE wanted.of WHEN 'min' THEN summary.min WHEN 'max' THEN summary.max ELSE summary.last END AS value
         FROM unnest(${names}, ${columns}) WITH ORDINALITY AS wanted (name, of, place)
         JOIN metric_summary summary ON summary.name = wanted.name
         JOIN matched ON matched.id = summary.run_id) taken
       WHERE value NOT IN ('NaN', 'Infinity', '-Infinity') GROUP BY key, place),
     summed AS (
       SELECT key, jsonb_agg(jsonb_build_object('place', place, 'count', count, 'mean', mean, 'deviation', deviation)) AS metrics
       FROM measured GROUP BY key)
     SELECT grouped.key AS value, grouped.count, states.states, coalesce(summed.metrics, '[]') AS metrics,
            (SELECT count(*)::int FROM (SELECT FROM matched GROUP BY key) all_groups) AS total
     FROM grouped JOIN states ON states.key IS NOT DISTINCT FROM grouped.key
     LEFT JOIN summed ON summed.key IS NOT DISTINCT FROM grouped.key
     ORDER BY grouped.newest DESC`,
    parameters.values,
  );
  return {
    totalCount: rows[0]?.total ?? 0,
    groups: rows.map(({ value, count, states, metrics: sums }) => ({
      value,
      condition: printQuery(conditionOf(by, value)),
      count,
      states,
      metrics: metrics.flatMap((metric, index) => {
        const sum = sums.find(({ place }) => place === index + 1);
        return sum === undefined
          ? []
          : [{ ...metric, count: sum.count, mean: sum.mean, deviation: sum.deviation }];
      }),
    })),
  };
}

interface GroupRow {
  value: string | null;
  count: number;
  states: { state: RunState; count: number }[];
  metrics: { place: number; count: number; mean: number; deviation: number | null }[];
  total: number;
}

function keySql(by: GroupField, tables: RunTables): string {
  switch (by) {
    case 'experiment':
      return tables.experimentName();
    case 'freeze.regime':
      return regimeSql;
    case 'freeze.label':
      return `run."freeze" ->> 'label'`;
    case 'dataset':
    case 'model':
      // Runs trained elsewhere may call anything by these names; only a text is one.
      return `CASE WHEN jsonb_typeof(run.definition -> '${by}') = 'string' THEN run.definition ->> '${by}' END`;
    case 'tag':
      return `unnest(CASE WHEN run.tags = '{}' THEN ARRAY[NULL::text] ELSE run.tags END)`;
    case 'state':
      return 'run.state::text';
  }
}

function conditionOf(by: GroupField, value: string | null): Condition {
  return { kind: 'compare', field: fieldOf(by), operator: '=', value };
}

function fieldOf(by: GroupField): Field {
  switch (by) {
    case 'tag':
    case 'state':
      return { kind: by };
    case 'dataset':
    case 'model':
      return { kind: 'setting', path: [by] };
    case 'experiment':
    case 'freeze.regime':
    case 'freeze.label':
      return { kind: 'text', name: by };
  }
}

function columnOf({ name, of }: GroupedMetric): 'last' | 'min' | 'max' {
  if (of !== 'best') return of;
  return higherIsBetter(name) ? 'max' : 'min';
}
