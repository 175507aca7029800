import { type Queryable } from '../db/database.js';
import { type Chunk, makeChunk } from './chunks/chunk.js';
import { joinPoints, type Points, settlePoints, slicePoints } from './columns.js';
import { insertChunks } from './insertChunks.js';
import { foldSummaries, summarizeChunks } from './foldSummaries.js';

export interface Series {
  name: string;
  points: Points;
}

/** Points that one attempt at a run logged of one metric. */
export interface AttemptSeries extends Series {
  runId: string;
  attempt: number;
}

/** A series whose points are stored, and under which ids. */
export interface AppendedSeries extends AttemptSeries {
  from: string;
  to: string;
  /** How many chunks it was written as. */
  chunks: number;
  /** Some of its steps are not after all that were there before. */
  overlapped: boolean;
}

/** Points a chunk may hold: 130 KB, of which a batch of ten thousand points is one and a million points are sixty. */
export const CHUNK_POINTS = 16_384;

/**
 * Appends points to an attempt's history and keeps the run's summaries in step with it. Returns the range of the chunks' ids
 * for the notification, or null when there was nothing to write. Belongs in a transaction that holds the attempt's fence.
 */
export async function appendMetrics(
  client: Queryable,
  owner: { runId: string; attempt: number },
  series: Series[],
): Promise<{ from: string; to: string } | null> {
  const appended = await appendSeries(
    client,
    series.map(({ name, points }) => ({ ...owner, name, points })),
  );
  if (appended.length === 0) return null;
  return { from: appended[0]!.from, to: appended.at(-1)!.to };
}

/** The same for attempts at several runs, in two statements whatever their number; series of the same metric are one. */
export async function appendSeries(client: Queryable, series: AttemptSeries[]): Promise<AppendedSeries[]> {
  const merged = mergeSeries(series);
  if (merged.length === 0) return [];
  const chunks = merged.map(({ points }) => makeChunks(points));
  const ids = await insertChunks(
    client,
    merged.flatMap(({ runId, attempt, name }, index) =>
      chunks[index]!.map((chunk) => ({ runId, attempt, name, chunk })),
    ),
  );
  const overlapped = await foldSummaries(
    client,
    merged.map((one, index) => summarizeChunks(one, chunks[index]!)),
  );
  let next = 0;
  return merged.map((one, index) => {
    const count = chunks[index]!.length;
    const [from, to] = [ids[next]!, ids[next + count - 1]!];
    next += count;
    return { ...one, from, to, chunks: count, overlapped: overlapped[index]! };
  });
}

/** Splits points, in order, into chunks. */
export function makeChunks(points: Points): Chunk[] {
  const chunks: Chunk[] = [];
  for (let from = 0; from < points.steps.length; from += CHUNK_POINTS) {
    chunks.push(makeChunk(slicePoints(points, from, Math.min(points.steps.length, from + CHUNK_POINTS))));
  }
  return chunks;
}

/** One series for each metric of an attempt, its points in order; of equal steps the one that came last counts. */
function mergeSeries(series: AttemptSeries[]): AttemptSeries[] {
  const groups = new Map<string, AttemptSeries[]>();
  for (const one of series) {
    if (one.points.steps.length === 0) continue;
    const key = `${one.runId} ${one.attempt} ${one.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].map((group) => ({
    ...group[0]!,
    points: settlePoints(joinPoints(group.map(({ points }) => points))),
  }));
}
