import { judge } from '../../experiments/schema/successiveHalving.js';
import { type Pruning } from '../../experiments/schema/types.js';
import { type Database, type Queryable } from '../db/database.js';

/** Where a run is when it comes to a rung, and what it has. */
export interface RungArrival {
  rung: number;
  step: number;
  epoch: number;
  value: number;
}

/** What was decided there. */
export interface RungDecision extends RungArrival {
  /** Among the results that were there then, its own included; 1 is the best. */
  rank: number;
  results: number;
  kept: number;
  pruned: boolean;
}

/**
 * Enters what a run has at a rung and decides by what others had there before it whether it goes on; one that does not is marked as pruned
 * in the same transaction. Part of a transaction that holds the attempt.
 */
export async function decideRung(
  client: Queryable,
  { runId, pruningId }: { runId: string; pruningId: string },
  rule: Pruning,
  arrival: RungArrival,
): Promise<RungDecision> {
  const { rung, step, epoch, value } = arrival;
  // Written before, when the connection was lost at the commit.
  const known = await client.query<RungDecision>(
    `SELECT rung, step, epoch, value, rank, results, kept, pruned FROM rung_result WHERE run_id = $1 AND rung = $2`,
    [runId, rung],
  );
  if (known.rows[0] !== undefined) return known.rows[0];
  // Runs that arrive at once are decided one after the other.
  await client.query("SELECT pg_advisory_xact_lock(hashtext('rung'), hashtext($1))", [
    `${pruningId} ${rung}`,
  ]);
  const { rows } = await client.query<{ value: number }>(
    'SELECT value FROM rung_result WHERE pruning_id = $1 AND rung = $2 AND run_id <> $3',
    [pruningId, rung, runId],
  );
  const { rank, kept, goesOn } = judge(
    value,
    rows.map((other) => other.value),
    rule,
  );
  const decision = { ...arrival, rank, results: rows.length + 1, kept, pruned: !goesOn };
  await client.query(
    `INSERT INTO rung_result (run_id, rung, pruning_id, step, epoch, value, rank, results, kept, pruned)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [runId, rung, pruningId, step, epoch, value, rank, decision.results, kept, decision.pruned],
  );
  if (decision.pruned) await client.query('UPDATE run SET pruned = true WHERE id = $1', [runId]);
  return decision;
}

/** How a run is pruned: the rule of its experiment's sweep, and the rungs that have decided on it already. null when it is not. */
export async function findPruning(
  { prisma }: Database,
  run: { id: string; pruningId: string | null },
): Promise<{ pruningId: string; rule: Pruning; decided: Set<number> } | null> {
  if (run.pruningId === null) return null;
  const { experiment } = await prisma.pruning.findUniqueOrThrow({
    where: { id: run.pruningId },
    include: { experiment: { select: { sweep: true } } },
  });
  const { pruning } = experiment.sweep as unknown as { pruning: Pruning };
  const results = await prisma.rungResult.findMany({ where: { runId: run.id }, select: { rung: true } });
  return { pruningId: run.pruningId, rule: pruning, decided: new Set(results.map(({ rung }) => rung)) };
}
