import { type Run } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { decideRung, findPruning, type RungDecision } from '../runs/decideRung.js';
import { Pruner } from './pruner.js';
import { type RunRecorder } from './runRecorder.js';

/** What has a run's rungs decided, and calls `onPruned` when one ends it; null for runs that are not pruned. */
export async function openPruner(
  database: Database,
  run: Run,
  recorder: RunRecorder,
  onPruned: () => void,
): Promise<Pruner | null> {
  const pruning = await findPruning(database, run);
  if (pruning === null) return null;
  const { pruningId, rule, decided } = pruning;
  return new Pruner(rule, decided, async (arrival) => {
    let decision!: RungDecision;
    await recorder.writeWith(async (client) => {
      decision = await decideRung(client, { runId: run.id, pruningId }, rule, arrival);
    });
    const { rung, value, rank, results, kept, pruned } = decision;
    const place = `rung ${rung} (${rule.unit}s): ${rule.metric} ${value} is number ${rank} of ${results}`;
    recorder.log('info', `${place}, of which ${kept} go on: ${pruned ? 'pruned' : 'goes on'}`);
    if (pruned) onPruned();
    return decision;
  });
}
