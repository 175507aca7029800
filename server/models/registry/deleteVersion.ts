import { FrostlineError } from '../../../experiments/errors.js';
import { type RegisteredModel } from '../../db/generated/client.js';
import { type Database, inTransaction } from '../../db/database.js';
import { notify } from '../../db/notifications.js';
import { findModel, findVersion } from './findModel.js';

/** Deletes a version that no alias points to; its run and weights stay, and may be deleted from then on. */
export async function deleteVersion(
  database: Database,
  input: { model: string; version: number },
): Promise<RegisteredModel> {
  const model = await findModel(database, input.model);
  const version = await findVersion(database, model, input.version);
  await inTransaction(database.pool, async (client) => {
    await client.query('SELECT 1 FROM registered_model WHERE id = $1 FOR UPDATE', [model.id]);
    const { rows } = await client.query<{ name: string }>(
      'SELECT name FROM model_alias WHERE version_id = $1 ORDER BY name',
      [version.id],
    );
    if (rows.length > 0) {
      const message = `version: expected one without an alias, ${rows.map(({ name }) => name).join(', ')} of ${model.name} points to ${input.version}`;
      throw new FrostlineError('CONFLICT', message, { path: 'version' });
    }
    await client.query('DELETE FROM model_version WHERE id = $1', [version.id]);
    await notify(client, { type: 'model', name: model.name });
  });
  return model;
}
