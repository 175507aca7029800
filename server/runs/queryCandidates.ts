import { type Database } from '../db/database.js';
import { type Candidates } from '../query/completeQuery.js';
import { type Field } from '../query/tree.js';
import { regimeSql, workerSql } from './runTables.js';

const MAX_CANDIDATES = 50;
/** Completions are for what is worked on now, and have to come while somebody types. */
const NEWEST_RUNS = 1000;
const NEWEST_DEFINITIONS = 100;
const MAX_METRICS = 2000;
const MAX_DEPTH = 10;

/** What the newest runs have that a query can name. */
export function queryCandidates({ pool }: Database): Candidates {
  return {
    async metrics(like) {
      // From each name the index leads to the next one; DISTINCT would read every run's.
      const { rows } = await pool.query<{ name: string }>(
        `WITH RECURSIVE names (name, n) AS (
           (SELECT name, 1 FROM metric_summary ORDER BY name LIMIT 1)
           UNION ALL
           SELECT next.name, n + 1 FROM names, LATERAL (
             SELECT name FROM metric_summary WHERE metric_summary.name > names.name ORDER BY name LIMIT 1) next
           WHERE n < $3)
         SELECT name FROM names WHERE strpos(lower(name), lower($1)) > 0 LIMIT $2`,
        [like, MAX_CANDIDATES, MAX_METRICS],
      );
      return rows.map(({ name }) => name);
    },

    async settings() {
      const { rows } = await pool.query<{ definition: unknown }>(
        'SELECT definition FROM run ORDER BY sequence DESC LIMIT $1',
        [NEWEST_DEFINITIONS],
      );
      const paths = new Map<string, string[]>();
      for (const { definition } of rows)
        for (const path of settingPaths(definition)) paths.set(JSON.stringify(path), path);
      return [...paths.values()];
    },

    async values(field) {
      const source = valuesSql(field);
      if (source === null) return [];
      const { rows } = await pool.query<{ value: string | number | boolean }>(
        `SELECT value FROM (SELECT * FROM run ORDER BY sequence DESC LIMIT $1) run, ${source.sql} AS found (value)
         WHERE value IS NOT NULL GROUP BY value ORDER BY count(*) DESC, value LIMIT $2`,
        [NEWEST_RUNS, MAX_CANDIDATES, ...source.parameters],
      );
      return rows.map(({ value }) => value);
    },
  };
}

const textColumns: Record<(Field & { kind: 'text' })['name'], string> = {
  name: 'run.name',
  note: 'run.note',
  experiment: '(SELECT name FROM experiment WHERE experiment.id = run.experiment_id)',
  'freeze.preset': `run."freeze" ->> 'preset'`,
  'freeze.regime': regimeSql,
  'freeze.label': `run."freeze" ->> 'label'`,
  worker: workerSql,
};

/** The values of a field in each run, as a table to join laterally; null for fields whose values are not worth listing. */
function valuesSql(field: Field): { sql: string; parameters: unknown[] } | null {
  const plain = (expression: string) => ({ sql: `LATERAL (SELECT ${expression})`, parameters: [] });
  switch (field.kind) {
    case 'tag':
      return { sql: 'unnest(run.tags)', parameters: [] };
    case 'text':
      return plain(textColumns[field.name]);
    case 'setting': {
      const setting = '(run.definition #> $3::text[])';
      const isPlain = `jsonb_typeof(${setting}) IN ('string', 'number', 'boolean')`;
      return { sql: `LATERAL (SELECT CASE WHEN ${isPlain} THEN ${setting} END)`, parameters: [field.path] };
    }
    case 'state':
    case 'number':
    case 'flag':
    case 'time':
    case 'metric':
      return null;
  }
}

/** Paths of all settings with a plain value or a list of them. */
function settingPaths(json: unknown, path: string[] = []): string[][] {
  const isObject = typeof json === 'object' && json !== null;
  const isPlainList = Array.isArray(json) && json.every((item) => typeof item !== 'object');
  if (!isObject || isPlainList) return path.length === 0 ? [] : [path];
  if (path.length >= MAX_DEPTH) return [];
  return Object.entries(json).flatMap(([key, value]) => settingPaths(value, [...path, key]));
}
