import { mkdir } from 'node:fs/promises';
import { readConfig } from '../config.js';
import { type Database, openDatabase } from '../db/database.js';
import { runningPostgresUrl, startEmbeddedPostgres } from '../db/embeddedPostgres.js';
import { stderrLogger } from '../db/logger.js';
import { migrateDatabase } from '../db/migrate.js';

/**
 * Does something on the database that the server works on, whether the server runs or not: DATABASE_URL, else the embedded
 * Postgres of the data folder, which is started for the occasion when it does not run.
 */
export async function withDatabase<Result>(work: (database: Database) => Promise<Result>): Promise<Result> {
  const config = readConfig();
  const running = config.databaseUrl ?? runningPostgresUrl(config.dataFolder);
  if (running === null) await mkdir(config.dataFolder, { recursive: true });
  const postgres = running === null ? await startEmbeddedPostgres({ folder: config.dataFolder }) : null;
  try {
    const url = running ?? postgres!.url;
    await migrateDatabase(url, config);
    const database = openDatabase(url, {
      log: stderrLogger({ format: 'text', quiet: true }),
      name: 'frostline command',
    });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  } finally {
    await postgres?.stop();
  }
}
