import { randomUUID } from 'node:crypto';
import { FrostlineError } from '../../../experiments/errors.js';
import { type ModelVersion, type RegisteredModel } from '../../db/generated/client.js';
import { lockBlob } from '../../blobs/blobRecords.js';
import { inTransaction, type Queryable } from '../../db/database.js';
import { notify } from '../../db/notifications.js';
import { checkText } from '../../db/text.js';
import { findRuns } from '../../runs/runIds.js';
import { checkAlias, checkModelName } from './modelNames.js';
import { type AliasDependencies, checkForce, type Mover, moveAlias } from './moveAlias.js';

export interface RegisterModelInput {
  name: string;
  runId: string;
  alias?: string | null;
  description?: string | null;
  note?: string | null;
  force?: boolean | null;
  reason?: string | null;
}

/**
 * Gives a finished run's weights a version under a name, which is made when it is new, and moves an alias there if one is given. The
 * same weights of the same run keep the version they have. A gate that refuses the alias leaves the version.
 */
export async function registerModel(
  dependencies: AliasDependencies & Mover,
  input: RegisterModelInput,
): Promise<{ model: RegisteredModel; version: ModelVersion }> {
  const { database } = dependencies;
  const name = checkModelName(input.name);
  const alias = input.alias == null ? null : checkAlias(input.alias);
  const description = input.description == null ? null : checkText(input.description, 'description', 2_000);
  const note = input.note == null ? null : checkText(input.note, 'note', 2_000);
  checkForce(input);
  const [run] = await findRuns(database, [input.runId], 'runId');

  const versionId = await inTransaction(database.pool, async (client) => {
    const sha256 = await finalCheckpoint(client, run!.id);
    const modelId = await lockModel(client, name, description);
    const known = await client.query<{ id: string }>(
      'SELECT id FROM model_version WHERE model_id = $1 AND run_id = $2 AND sha256 = $3',
      [modelId, run!.id, sha256],
    );
    if (known.rows[0] !== undefined) return known.rows[0].id;
    await lockBlob(client, sha256);
    const { rows } = await client.query<{ version: number }>(
      'UPDATE registered_model SET last_version = last_version + 1 WHERE id = $1 RETURNING last_version AS version',
      [modelId],
    );
    const id = randomUUID();
    await client.query(
      'INSERT INTO model_version (id, model_id, version, run_id, sha256, note) VALUES ($1, $2, $3, $4, $5, $6)',
      [id, modelId, rows[0]!.version, run!.id, sha256, note],
    );
    await notify(client, { type: 'model', name });
    return id;
  });
  const version = await database.prisma.modelVersion.findUniqueOrThrow({ where: { id: versionId } });
  if (alias !== null) {
    const { force, reason } = input;
    const move = { model: name, alias, version: version.version, force, reason };
    await moveAlias(dependencies, move).catch((error: unknown) => {
      if (!(error instanceof FrostlineError)) throw error;
      const message = `alias: the run is registered as ${name}@${version.version}, but ${error.message.replace(/^\w+: /, '')}`;
      throw new FrostlineError(error.code, message, { path: 'alias', cause: error });
    });
  }
  const model = await database.prisma.registeredModel.findUniqueOrThrow({ where: { name } });
  return { model, version };
}

/** The digest of the run's finished weights. */
async function finalCheckpoint(client: Queryable, runId: string): Promise<string> {
  const { rows } = await client.query<{ sha256: string }>(
    "SELECT sha256 FROM checkpoint WHERE run_id = $1 AND kind = 'final' ORDER BY attempt DESC LIMIT 1 FOR SHARE",
    [runId],
  );
  if (rows[0] !== undefined) return rows[0].sha256;
  const message = `runId: expected a run with finished weights, ${runId} kept none`;
  throw new FrostlineError('CONFLICT', message, { path: 'runId' });
}

/** The model of that name, made when there is none, and locked until the transaction ends. */
async function lockModel(client: Queryable, name: string, description: string | null): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO registered_model (id, name, description) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET description = coalesce(excluded.description, registered_model.description)
     RETURNING id`,
    [randomUUID(), name, description],
  );
  return rows[0]!.id;
}
