import { FrostlineError } from '../../../experiments/errors.js';
import { type Database } from '../../db/database.js';
import { splitReference } from './modelNames.js';

/** A version of a registered model: which run's weights it hands out. */
export interface RegisteredVersion {
  versionId: string;
  model: string;
  version: number;
  runId: string;
  checkpointSha256: string;
}

/**
 * The version that a reference stands for: `news` its newest, `news@3`, `news@production`. null when no model has that name; a
 * version or an alias that a model does not have is an error that names what it has.
 */
export async function resolveModelReference(
  database: Database,
  reference: string,
): Promise<RegisteredVersion | null> {
  const { name, selector } = splitReference(reference);
  return lookUpVersion(database, name, selector);
}

/** The same, of a reference's two parts. */
export async function lookUpVersion(
  { pool }: Database,
  name: string,
  selector: string | null,
): Promise<RegisteredVersion | null> {
  const number = selector !== null && /^\d{1,9}$/.test(selector) ? Number(selector) : null;
  const { rows } = await pool.query<RegisteredVersion & { versionId: string | null }>(
    `SELECT found.id AS "versionId", model.name AS model, found.version, found.run_id AS "runId",
            found.sha256 AS "checkpointSha256"
     FROM registered_model AS model
     LEFT JOIN LATERAL (
       SELECT one.* FROM model_version AS one
       LEFT JOIN model_alias AS alias ON alias.version_id = one.id AND alias.name = $2
       WHERE one.model_id = model.id AND ($2::text IS NULL OR alias.name IS NOT NULL OR one.version = $3)
       ORDER BY one.version DESC LIMIT 1
     ) AS found ON true
     WHERE model.name = $1`,
    [name, selector, number],
  );
  const found = rows[0];
  if (found === undefined) return null;
  if (found.versionId !== null) return found;
  throw await notThere({ pool }, name, selector);
}

async function notThere(
  { pool }: Pick<Database, 'pool'>,
  name: string,
  selector: string | null,
): Promise<FrostlineError> {
  const { rows } = await pool.query<{ what: string }>(
    `SELECT alias.name AS what FROM model_alias AS alias JOIN registered_model AS model ON model.id = alias.model_id
     WHERE model.name = $1
     UNION ALL
     (SELECT version::text FROM model_version AS one JOIN registered_model AS model ON model.id = one.model_id
      WHERE model.name = $1 ORDER BY version DESC LIMIT 5)`,
    [name],
  );
  const has = rows.length === 0 ? 'no version' : rows.map(({ what }) => `${name}@${what}`).join(', ');
  return new FrostlineError(
    'NOT_FOUND',
    `model: there is no ${selector === null ? name : `${name}@${selector}`}; the model has ${has}`,
    { path: 'model' },
  );
}
