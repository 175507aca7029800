import { type Queryable } from '../db/database.js';
import { notify } from '../db/notifications.js';

/** Writes how far runs that are trained elsewhere have come, by the last step they logged, and tells who watches them. */
export async function recordProgress(client: Queryable, steps: ReadonlyMap<string, number>): Promise<void> {
  if (steps.size === 0) return;
  const { rows } = await client.query<{ runId: string; experimentId: string | null }>(
    `UPDATE run SET step = reached.step
     FROM unnest($1::uuid[], $2::int[]) AS reached (id, step)
     WHERE run.id = reached.id AND run.external AND run.state = 'RUNNING' AND run.step < reached.step
     RETURNING run.id AS "runId", experiment_id AS "experimentId"`,
    [[...steps.keys()], [...steps.values()]],
  );
  await notify(client, ...rows.map((row) => ({ type: 'run' as const, ...row })));
}
