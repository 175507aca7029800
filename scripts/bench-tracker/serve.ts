import { mkdirSync } from 'node:fs';
import { readConfig } from '../../server/config.js';
import { startEmbeddedPostgres } from '../../server/db/embeddedPostgres.js';
import { stderrLogger } from '../../server/db/logger.js';
import { migrateDatabase } from '../../server/db/migrate.js';
import { startHttpServer } from '../../server/http/httpServer.js';
import { openServices } from '../../server/http/services.js';

/**
 * The server under test, in a process of its own: embedded Postgres and API as `frostline start` runs them, on free loopback
 * ports, without a worker. Says on its channel where it is, and ends when the channel closes.
 */
async function serve(): Promise<void> {
  const config = readConfig();
  const log = stderrLogger({ quiet: true });
  mkdirSync(config.dataFolder, { recursive: true });
  const postgres = await startEmbeddedPostgres({ folder: config.dataFolder });
  await migrateDatabase(postgres.url, config);
  const services = await openServices(postgres.url, config, log);
  const server = await startHttpServer(config, services, log);
  process.once('disconnect', () => {
    void server
      .close()
      .then(() => services.close())
      .then(() => postgres.stop())
      .then(() => process.exit(0));
  });
  process.send!({ port: server.port, databaseUrl: postgres.url });
}

await serve();
