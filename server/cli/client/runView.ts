import { type RunSummaryFragment, RunSummariesByIds } from '../../../client/index.js';
import { type MetricValue } from '../../query/tree.js';
import { type Client } from './client.js';

/** What the command line shows of a run. */
export type RunView = RunSummaryFragment;

const OVER = new Set(['FINISHED', 'FAILED', 'CANCELLED', 'LOST']);

export function isOver({ state }: Pick<RunView, 'state'>): boolean {
  return OVER.has(state);
}

/** Where a run stands, in a word. */
export function stateWord({ state, paused, pruned }: Pick<RunView, 'state' | 'paused' | 'pruned'>): string {
  if (pruned) return 'pruned';
  return state === 'QUEUED' && paused ? 'paused' : state.toLowerCase();
}

/** Reads runs by their ids, in that order. */
export async function readRuns(client: Client, ids: string[]): Promise<RunView[]> {
  const { compareRuns } = await client(RunSummariesByIds, { ids });
  return compareRuns.runs;
}

/** A value of a metric, the newest if no other is asked for, as people read it; a dash when the run has none. */
export function showMetric(
  { metrics }: RunView,
  name: string,
  show: (value: number) => string,
  of: MetricValue = 'last',
): string {
  const metric = metrics.find((candidate) => candidate.name === name);
  const value = metric?.[of] ?? null;
  if (value !== null) return show(value);
  return (of === 'last' ? metric?.lastSpecial : null) ?? '—';
}
