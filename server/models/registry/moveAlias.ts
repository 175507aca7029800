import { badInput, FrostlineError } from '../../../experiments/errors.js';
import { type RegisteredModel } from '../../db/generated/client.js';
import { type Database, inTransaction, type Queryable } from '../../db/database.js';
import { notify } from '../../db/notifications.js';
import { checkText } from '../../db/text.js';
import { type EvaluationDependencies } from './evaluateVersion.js';
import { compareByGate, describeRefusal, type GateComparison } from './gate.js';
import { checkAlias } from './modelNames.js';
import { findModel, findVersion } from './findModel.js';

export interface AliasDependencies extends EvaluationDependencies {
  database: Database;
}

/** What may override a gate. */
export interface ForceInput {
  force?: boolean | null;
  reason?: string | null;
}

/** Who asks; kept with a move. */
export interface Mover {
  viewer: { name: string };
}

export interface MoveAliasInput extends ForceInput {
  model: string;
  alias: string;
  version: number;
}

/** How often a move that was overtaken by another one is compared anew. */
const MAX_ROUNDS = 5;

/**
 * Points an alias to a version, in one step for everybody who asks, and writes it down. With a gate, a version that is worse than the
 * one the alias points to is refused, unless forced with a reason.
 */
export async function moveAlias(
  dependencies: AliasDependencies & Mover,
  input: MoveAliasInput,
): Promise<RegisteredModel> {
  const { database, viewer } = dependencies;
  const alias = checkAlias(input.alias);
  const reason = checkForce(input);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const model = await findModel(database, input.model);
    const target = await findVersion(database, model, input.version);
    const current = await currentVersion(database.pool, model.id, alias);
    if (current?.id === target.id) return model;
    // Comparing takes a while and holds no lock; should the alias move meanwhile, it is done again.
    const comparison = current === null ? null : await compareByGate(dependencies, model, target, current);
    if (comparison !== null && !comparison.passed && input.force !== true) {
      throw new FrostlineError('CONFLICT', describeRefusal(model, alias, comparison), { path: 'version' });
    }
    const moved = await inTransaction(database.pool, async (client) => {
      await client.query('SELECT 1 FROM registered_model WHERE id = $1 FOR UPDATE', [model.id]);
      const now = await currentVersion(client, model.id, alias);
      if (now?.id !== current?.id) return false;
      await client.query(
        `INSERT INTO model_alias (model_id, name, version_id) VALUES ($1, $2, $3)
         ON CONFLICT (model_id, name) DO UPDATE SET version_id = excluded.version_id, moved_at = now()`,
        [model.id, alias, target.id],
      );
      await writeMove(client, model.id, {
        alias,
        from: current?.version ?? null,
        to: target.version,
        gate: comparison,
        forced: comparison !== null && !comparison.passed,
        reason,
        by: viewer.name,
      });
      await notify(client, { type: 'model', name: model.name });
      return true;
    });
    if (moved) return model;
  }
  throw new FrostlineError('CONFLICT', 'alias: somebody else keeps moving it; try again', { path: 'alias' });
}

/** Takes an alias away. */
export async function removeAlias(
  { database, viewer }: { database: Database } & Mover,
  input: { model: string; alias: string; reason?: string | null },
): Promise<RegisteredModel> {
  const model = await findModel(database, input.model);
  const reason = input.reason == null ? null : checkText(input.reason, 'reason', 2_000);
  await inTransaction(database.pool, async (client) => {
    await client.query('SELECT 1 FROM registered_model WHERE id = $1 FOR UPDATE', [model.id]);
    const current = await currentVersion(client, model.id, input.alias);
    if (current === null) {
      const message = `alias: ${model.name} has no alias ${JSON.stringify(input.alias)}`;
      throw new FrostlineError('NOT_FOUND', message, { path: 'alias' });
    }
    await client.query('DELETE FROM model_alias WHERE model_id = $1 AND name = $2', [model.id, input.alias]);
    const { alias } = input;
    await writeMove(client, model.id, {
      alias,
      from: current.version,
      to: null,
      gate: null,
      forced: false,
      reason,
      by: viewer.name,
    });
    await notify(client, { type: 'model', name: model.name });
  });
  return model;
}

/** Checks that a forced move has its reason, and returns the reason. */
export function checkForce({ force, reason }: ForceInput): string | null {
  const given = reason == null ? null : checkText(reason, 'reason', 2_000).trim();
  if (force === true && !given) {
    throw badInput('reason: expected why the gate is overridden, as it is kept with the move', {
      path: 'reason',
    });
  }
  return given || null;
}

async function currentVersion(
  client: Queryable,
  modelId: string,
  alias: string,
): Promise<{ id: string; version: number; runId: string } | null> {
  const { rows } = await client.query<{ id: string; version: number; runId: string }>(
    `SELECT one.id, one.version, one.run_id AS "runId" FROM model_alias AS alias
     JOIN model_version AS one ON one.id = alias.version_id WHERE alias.model_id = $1 AND alias.name = $2`,
    [modelId, alias],
  );
  return rows[0] ?? null;
}

async function writeMove(
  client: Queryable,
  modelId: string,
  move: {
    alias: string;
    from: number | null;
    to: number | null;
    gate: GateComparison | null;
    forced: boolean;
    reason: string | null;
    by: string;
  },
): Promise<void> {
  const gate = move.gate === null ? null : JSON.stringify(move.gate);
  await client.query(
    `INSERT INTO model_alias_move (model_id, alias, from_version, to_version, gate, forced, reason, moved_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [modelId, move.alias, move.from, move.to, gate, move.forced, move.reason, move.by],
  );
}
