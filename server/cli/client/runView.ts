import { type MetricValue } from '../../query/tree.js';
import { type Client } from './client.js';

/** What the command line shows of a run. */
export interface RunView {
  id: string;
  name: string;
  state: string;
  paused: boolean;
  pruned: boolean;
  progress: { step: number; totalSteps: number | null; epoch: number; epochs: number; fraction: number };
  freeze: { label: string; trainableShare: number };
  cost: { computeSeconds: number | null };
  metrics: ({ name: string; lastSpecial: string | null } & Record<MetricValue, number | null>)[];
  error: { code: string; message: string } | null;
  createdAt: string;
}

export const RUN_VIEW = `fragment RunView on Run {
  id name state paused pruned createdAt
  progress { step totalSteps epoch epochs fraction }
  freeze { label trainableShare }
  cost { computeSeconds }
  metrics { name last lastSpecial min max best }
  error { code message }
}`;

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
  const { compareRuns } = await client<{ compareRuns: { runs: RunView[] } }>(
    `query RunsByIds($ids: [ID!]!) { compareRuns(ids: $ids) { runs { ...RunView } } } ${RUN_VIEW}`,
    { ids },
  );
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
