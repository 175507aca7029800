import { type Queryable } from '../db/database.js';
import { Parameters } from '../db/parameters.js';
import { type ChunkFacts } from './chunks/chunk.js';

/** What a run's table row says of a metric, as it is stored; of new points, what they add to it. */
export interface SummaryRow {
  runId: string;
  name: string;
  count: number;
  nonFinite: number;
  last: number;
  firstStep: number;
  lastStep: number;
  min: number | null;
  minStep: number | null;
  max: number | null;
  maxStep: number | null;
}

/** Folds summaries of new points into those of their runs; see `summaryFolding`. */
export async function foldSummaries(client: Queryable, rows: readonly SummaryRow[]): Promise<void> {
  if (rows.length === 0) return;
  const parameters = new Parameters();
  await client.query(summaryFolding(parameters, rows), parameters.values);
}

/**
 * SQL that folds summaries of new points into those of their runs, one for each metric. Where steps are not after all that were
 * there, the stored summary may still count what was replaced: it is marked as `overlapped` until `rebuildSummaries`.
 */
export function summaryFolding(
  parameters: Parameters,
  summaries: readonly SummaryRow[],
  condition = 'true',
): string {
  const column = <Key extends keyof SummaryRow>(key: Key) => summaries.map((row) => row[key]);
  const rows = parameters.rows('new', {
    run_id: ['uuid', column('runId')],
    name: ['text', column('name')],
    count: ['int', column('count')],
    non_finite: ['int', column('nonFinite')],
    last: ['float8', column('last')],
    first_step: ['int', column('firstStep')],
    last_step: ['int', column('lastStep')],
    min: ['float8', column('min')],
    min_step: ['int', column('minStep')],
    max: ['float8', column('max')],
    max_step: ['int', column('maxStep')],
  });
  return `
    INSERT INTO metric_summary AS old (run_id, name, count, non_finite, last, first_step, last_step, min, min_step, max, max_step)
    SELECT run_id, name, count, non_finite, last, first_step, last_step, min, min_step, max, max_step
    FROM ${rows} WHERE ${condition}
    ON CONFLICT (run_id, name) DO UPDATE SET
      count = old.count + excluded.count,
      non_finite = old.non_finite + excluded.non_finite,
      last = CASE WHEN excluded.last_step >= old.last_step THEN excluded.last ELSE old.last END,
      first_step = least(old.first_step, excluded.first_step),
      last_step = greatest(old.last_step, excluded.last_step),
      min_step = CASE WHEN old.min IS NULL OR excluded.min < old.min THEN excluded.min_step ELSE old.min_step END,
      min = least(old.min, excluded.min),
      max_step = CASE WHEN old.max IS NULL OR excluded.max > old.max THEN excluded.max_step ELSE old.max_step END,
      max = greatest(old.max, excluded.max),
      overlapped = old.overlapped OR old.last_step >= excluded.first_step`;
}

/** The summary of one metric from its chunks, at least one, in order of their steps and with none in common. */
export function summarizeChunks(
  { runId, name }: { runId: string; name: string },
  chunks: readonly ChunkFacts[],
): SummaryRow {
  const [first, last] = [chunks[0]!, chunks.at(-1)!];
  const { count, nonFinite, firstStep, min, minStep, max, maxStep } = first;
  const extremes = { min, minStep, max, maxStep };
  const summary: SummaryRow = {
    ...{ runId, name, count, nonFinite, firstStep, ...extremes },
    last: last.last,
    lastStep: last.lastStep,
  };
  for (const { count, nonFinite, min, minStep, max, maxStep } of chunks.slice(1)) {
    summary.count += count;
    summary.nonFinite += nonFinite;
    if (min !== null && (summary.min === null || min < summary.min)) {
      [summary.min, summary.minStep] = [min, minStep];
    }
    if (max !== null && (summary.max === null || max > summary.max)) {
      [summary.max, summary.maxStep] = [max, maxStep];
    }
  }
  return summary;
}
