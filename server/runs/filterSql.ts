import { type Comparison, type Condition, type Field, type Operator, type Scalar } from '../query/tree.js';
import { durationSql, flagSql, regimeSql, type RunTables, workerSql } from './runTables.js';
import { type SqlParameters } from './sqlParameters.js';

interface Target {
  tables: RunTables;
  parameters: SqlParameters;
}

/**
 * A condition as SQL over the run tables. `not` is carried down to the comparisons, where a comparison that is unknown because
 * a value is missing counts as false: above them, nothing is negated, and indexes stay usable.
 */
export function filterSql(condition: Condition, target: Target, negated = false): string {
  switch (condition.kind) {
    case 'constant':
      return String(condition.value !== negated);
    case 'not':
      return filterSql(condition.of, target, !negated);
    case 'and':
    case 'or': {
      const connective = (condition.kind === 'and') === negated ? ' OR ' : ' AND ';
      return `(${condition.of.map((child) => filterSql(child, target, negated)).join(connective)})`;
    }
    case 'compare':
    case 'in': {
      const sql = comparisonSql(condition, target);
      return negated ? `((${sql}) IS NOT TRUE)` : `(${sql})`;
    }
  }
}

function comparisonSql(comparison: Comparison, { tables, parameters }: Target): string {
  const { field } = comparison;
  switch (field.kind) {
    case 'tag':
      return tagSql(comparison, parameters);
    case 'setting':
      return settingSql(comparison, field.path, parameters);
    case 'metric': {
      const column = tables.metric(field.name, field.of);
      const sql = columnSql(comparison, column, 'float8', parameters);
      // Postgres puts NaN above every number; nothing is above or below what is no number.
      const isAbove = comparison.kind === 'compare' && /^>/.test(comparison.operator) && field.of === 'last';
      return isAbove ? `${sql} AND ${column} <> 'NaN'` : sql;
    }
    case 'state':
    case 'text':
    case 'number':
    case 'flag':
    case 'time': {
      const [column, type] = columnOf(field, tables);
      return columnSql(comparison, column, type, parameters);
    }
  }
}

function columnOf(
  field: Field & { kind: 'state' | 'text' | 'number' | 'flag' | 'time' },
  tables: RunTables,
): [column: string, type: string] {
  if (field.kind === 'state') return ['run.state', 'run_state'];
  switch (field.name) {
    case 'name':
      return ['run.name', 'text'];
    case 'note':
      return ['run.note', 'text'];
    case 'experiment':
      return [tables.experimentName(), 'text'];
    case 'freeze.preset':
      return [`run."freeze" ->> 'preset'`, 'text'];
    case 'freeze.regime':
      return [regimeSql, 'text'];
    case 'freeze.label':
      return [`run."freeze" ->> 'label'`, 'text'];
    case 'trainable':
      return [`(run."freeze" ->> 'trainableShare')::float8`, 'float8'];
    case 'seed':
      return ['run.seed', 'float8'];
    case 'duration':
      return [durationSql, 'float8'];
    case 'priority':
      return ['run.priority', 'float8'];
    case 'worker':
      return [workerSql, 'text'];
    case 'paused':
    case 'pruned':
      return [flagSql[field.name], 'boolean'];
    case 'created':
      return ['run.created_at', 'timestamptz'];
    case 'started':
      return ['run.started_at', 'timestamptz'];
    case 'finished':
      return ['run.finished_at', 'timestamptz'];
  }
}

function columnSql(comparison: Comparison, column: string, type: string, parameters: SqlParameters): string {
  if (comparison.kind === 'in') return `${column} = ANY (${parameters.add(comparison.values, `${type}[]`)})`;
  const { operator, value } = comparison;
  if (value === null) return nullSql(column, operator);
  if (operator === '~') return containsSql(column, value, parameters);
  return `${column} ${sqlOperators[operator]} ${parameters.add(value, type)}`;
}

const sqlOperators: Record<Exclude<Operator, '~'>, string> = {
  '=': '=',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function nullSql(expression: string, operator: Operator): string {
  return operator === '=' ? `${expression} IS NULL` : `${expression} IS NOT NULL`;
}

function containsSql(expression: string, value: Scalar, parameters: SqlParameters): string {
  return `strpos(lower(${expression}), lower(${parameters.add(value, 'text')})) > 0`;
}

/** Tags are a set: `=` asks whether one is among them, `!=` whether it is not, `~` and `in` whether some tag is such. */
function tagSql(comparison: Comparison, parameters: SqlParameters): string {
  if (comparison.kind === 'in') return `run.tags && ${parameters.add(comparison.values, 'text[]')}`;
  const { operator, value } = comparison;
  if (value === null) return `run.tags ${operator === '=' ? '=' : '<>'} '{}'`;
  if (operator === '~')
    return `EXISTS (SELECT FROM unnest(run.tags) tag WHERE ${containsSql('tag', value, parameters)})`;
  const contains = `run.tags @> ${parameters.add([value], 'text[]')}`;
  return operator === '=' ? contains : `NOT (${contains})`;
}

/**
 * Settings are compared as JSON: no cast can fail, whatever type a run's setting has. A list of plain values equals each of its
 * elements. Null in a definition means as much as a setting that is not there.
 */
function settingSql(comparison: Comparison, path: string[], parameters: SqlParameters): string {
  const setting = `(run.definition #> ${parameters.add(path, 'text[]')})`;
  if (comparison.kind === 'in') {
    const values = parameters.add(
      comparison.values.map((value) => JSON.stringify(value)),
      'text[]',
    );
    return `EXISTS (SELECT FROM unnest(${values}) item WHERE ${setting} @> item::jsonb)`;
  }
  const { operator, value } = comparison;
  if (value === null) return nullSql(`nullif(${setting}, 'null')`, operator);
  if (operator === '~') {
    return `jsonb_typeof(${setting}) <> 'null' AND ${containsSql(`(${setting} #>> '{}')`, value, parameters)}`;
  }
  const json = parameters.add(JSON.stringify(value), 'jsonb');
  if (operator === '=') return `${setting} @> ${json}`;
  if (operator === '!=') return `${setting} <> 'null' AND NOT (${setting} @> ${json})`;
  return `jsonb_typeof(${setting}) = 'number' AND ${setting} ${sqlOperators[operator]} ${json}`;
}
