import { readConfig } from '../../server/config.js';
import { silentLogger } from '../../server/db/logger.js';
import { startHttpServer } from '../../server/http/httpServer.js';
import { openServices } from '../../server/http/services.js';

/** The API in a process of its own, so that a test can kill it: on this database, port and folder. */
const { url, port, folder } = JSON.parse(process.argv[2]!) as { url: string; port: number; folder: string };
const env = { HOST: '127.0.0.1', PORT: String(port), FROSTLINE_DATA: folder, FROSTLINE_CACHE: folder };
const config = { ...readConfig({ ...env, DATABASE_URL: url, FROSTLINE_OFFLINE: '1' }), webFolder: folder };
const services = await openServices(url, config, silentLogger);
const server = await startHttpServer(config, services, silentLogger);
process.stdout.write(`listens on ${server.port}\n`);
