import { join } from 'node:path';
import { readConfig } from '../../../server/config.js';
import { silentLogger } from '../../../server/db/logger.js';
import { startHttpServer } from '../../../server/http/httpServer.js';
import { openServices } from '../../../server/http/services.js';

/** A server in a process of its own, to be killed. */
const { folder, url } = JSON.parse(process.argv[2]!) as { folder: string; url: string };
const env = { FROSTLINE_DATA: join(folder, 'data'), FROSTLINE_CACHE: join(folder, 'cache'), PORT: '0' };
const config = { ...readConfig({ ...env, FROSTLINE_OFFLINE: '1', DATABASE_URL: url }), webFolder: folder };
const server = await startHttpServer(config, await openServices(url, config, silentLogger), silentLogger);
process.stdout.write(`port ${server.port}.\n`);
