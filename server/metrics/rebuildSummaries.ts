import { type Queryable } from '../db/database.js';
import { makeChunk } from './chunks/chunk.js';
import { foldSummaries, summarizeChunks, type SummaryRow } from './foldSummaries.js';
import { readSegments } from './readSegments.js';

/**
 * Makes summaries of a run anew from its effective history: after a new attempt has said from which step it goes on, the points
 * that it redoes no longer count, and after points came late or twice, those that they replaced do not. `names: null` means
 * all. Belongs in a transaction that holds the attempt.
 */
export async function rebuildSummaries(
  client: Queryable,
  runId: string,
  names: readonly string[] | null = null,
): Promise<void> {
  const rows = await computeSummaries(
    client,
    (names ?? [null]).map((name) => ({ runId, name })),
  );
  await client.query(
    'DELETE FROM metric_summary WHERE run_id = $1 AND ($2::text[] IS NULL OR name = ANY($2))',
    [runId, names],
  );
  await foldSummaries(client, rows);
}

/** What summaries should say. Points are read only where chunks have steps in common or are cut by a later attempt. */
export async function computeSummaries(
  client: Queryable,
  series: readonly { runId: string; name: string | null }[],
): Promise<SummaryRow[]> {
  const histories = await readSegments(client, { series, coarseAbove: 0, granules: false });
  return histories.map(({ runId, name, segments }) =>
    summarizeChunks(
      { runId, name },
      segments.map((segment) => ('chunk' in segment ? segment.chunk : makeChunk(segment.points))),
    ),
  );
}
