import { FrostlineError } from '../../experiments/errors.js';
import { type Config } from '../config.js';
import { runningPostgresUrl } from '../db/embeddedPostgres.js';

/** The database of a command that works on it directly. @throws UNAVAILABLE when none is named and none runs */
export function databaseUrlOf(config: Config): string {
  const url = config.databaseUrl ?? runningPostgresUrl(config.dataFolder);
  if (url !== null) return url;
  const message = `no database: set DATABASE_URL, or start a server on ${config.dataFolder} with \`npm start\``;
  throw new FrostlineError('UNAVAILABLE', message);
}
