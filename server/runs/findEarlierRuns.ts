import { type Queryable } from '../db/database.js';

/**
 * For each digest the run that launching its definition would return, if there is one: it has finished, or is on its way. Runs that may be
 * pruned are on their way only for the experiment that they compete in, and for it a pruned one need not be repeated either.
 * @param experimentId of the experiment that would be launched; null when it is not stored yet
 */
export async function findEarlierRuns(
  client: Queryable,
  digests: readonly string[],
  experimentId: string | null,
): Promise<Map<string, string>> {
  const { rows } = await client.query<{ digest: string; id: string }>(
    `SELECT DISTINCT ON (digest) digest, run.id FROM unnest($1::text[]) digest
     JOIN run ON run.definition_digest = digest
     LEFT JOIN pruning ON pruning.id = run.pruning_id
     WHERE state = 'FINISHED'
       OR (state IN ('QUEUED', 'STARTING', 'RUNNING') AND cancel_requested_at IS NULL
           AND (run.pruning_id IS NULL OR pruning.experiment_id = $2))
       OR (pruned AND pruning.experiment_id = $2)
     ORDER BY digest, state = 'FINISHED' DESC, pruned, run.sequence DESC`,
    [digests, experimentId],
  );
  return new Map(rows.map(({ digest, id }) => [digest, id]));
}
