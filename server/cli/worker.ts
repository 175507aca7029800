import { FrostlineError } from '../../experiments/errors.js';
import { type Config, productVersion, readConfig } from '../config.js';
import { runningPostgresUrl } from '../db/embeddedPostgres.js';
import { stderrLogger } from '../db/logger.js';
import { startTracing } from '../telemetry/tracing.js';
import { runWorker } from '../worker/runWorker.js';

/** `frostline worker`: trains queued runs until it is told to stop. */
export async function worker(): Promise<void> {
  const config = readConfig();
  const log = stderrLogger({ format: config.logFormat });
  const tracing = await startTracing({ ...config, version: productVersion(config) }, 'frostline-worker');
  const running = await runWorker(databaseUrl(config), config, log);
  const stopAll = async (): Promise<void> => {
    await running.stop();
    await tracing.close();
  };
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    stopAll().then(
      () => process.exit(0),
      (error: Error) => {
        log.error(`could not stop in good order: ${error.message}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Started by `frostline start`: without it there is no database to work on for long.
  process.on('disconnect', stop);
}

function databaseUrl(config: Config): string {
  const url = config.databaseUrl ?? runningPostgresUrl(config.dataFolder);
  if (url !== null) return url;
  const message = `no database: set DATABASE_URL, or start a server on ${config.dataFolder} with \`npm start\``;
  throw new FrostlineError('UNAVAILABLE', message);
}
