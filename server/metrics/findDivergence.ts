import { type Queryable } from '../db/database.js';
import { type Points } from './columns.js';
import { readSegments, type Segment, type SegmentedHistory } from './readSegments.js';
import { type MetricSummary } from './summaries.js';

/** The loss that is trained on, as the engine and common programs call it; those of tasks and evaluations are others. */
const TRAINED_LOSS = /^(?:(?:train(?:ing)?|epoch)[/_.-])?loss$/i;

/** Where a loss stopped being a number. */
export interface Divergence {
  metric: string;
  /** Of the first value that is none. */
  step: number;
  value: 'NaN' | 'Infinity' | '-Infinity';
  /** The value before; null when there was none. */
  lastFinite: number | null;
  lastFiniteStep: number | null;
}

/** Which of a run's metrics tells that it diverged; null when it did not. What counts every step is asked first. */
export function divergedLoss(metrics: readonly MetricSummary[]): MetricSummary | null {
  const losses = metrics.filter(({ name, nonFinite }) => nonFinite > 0 && TRAINED_LOSS.test(name));
  return losses.sort((a, b) => b.count - a.count)[0] ?? null;
}

/**
 * The first value that is NaN or infinite of some metrics of runs, in their order; null where all are finite. Whole chunks are passed
 * over by what they say of themselves, so that of a long history only the chunk where it happened is read.
 */
export async function findDivergences(
  client: Queryable,
  series: readonly { runId: string; name: string }[],
): Promise<(Divergence | null)[]> {
  const histories = await readSegments(client, { series, coarseAbove: 0, granules: false });
  const found = new Map<string, Divergence | null>();
  for (const history of histories) found.set(keyOf(history), await divergenceIn(client, history));
  return series.map((one) => found.get(keyOf(one)) ?? null);
}

function keyOf({ runId, name }: { runId: string; name: string }): string {
  return `${runId} ${name}`;
}

async function divergenceIn(
  client: Queryable,
  { runId, name, segments }: SegmentedHistory,
): Promise<Divergence | null> {
  let before: Finite | null = null;
  for (const segment of segments) {
    if ('chunk' in segment && segment.chunk.nonFinite === 0) {
      before = { value: segment.chunk.last, step: segment.chunk.lastStep };
      continue;
    }
    for (const { steps, values } of await pointsOf(client, { runId, name }, segment)) {
      for (let index = 0; index < steps.length; index += 1) {
        const [value, step] = [values[index]!, steps[index]!];
        if (!Number.isFinite(value)) {
          const word = String(value) as Divergence['value'];
          const last = { lastFinite: before?.value ?? null, lastFiniteStep: before?.step ?? null };
          return { metric: name, step, value: word, ...last };
        }
        before = { value, step };
      }
    }
  }
  return null;
}

interface Finite {
  value: number;
  step: number;
}

/** The points of a stretch; those of a whole chunk are read now. */
async function pointsOf(
  client: Queryable,
  series: { runId: string; name: string },
  segment: Segment,
): Promise<Points[]> {
  if ('points' in segment) return [segment.points];
  const range = { from: segment.chunk.firstStep, to: segment.chunk.lastStep };
  const histories = await readSegments(client, { series: [series], range });
  return histories.flatMap(({ segments }) =>
    segments.flatMap((read) => ('points' in read ? [read.points] : [])),
  );
}
