import { openServices } from '../../../server/http/services.js';
import { startHttpServer } from '../../../server/http/httpServer.js';
import { readConfig } from '../../../server/config.js';
import { silentLogger } from '../../../server/db/logger.js';
import { startTracing } from '../../../server/telemetry/tracing.js';

/** A server that traces, in a process of its own as there is one tracer a process; it asks itself something and ends. */
const config = readConfig();
const tracing = await startTracing({ ...config, version: '1.2.3' }, 'frostline-test');
const services = await openServices(config.databaseUrl!, config, silentLogger);
const server = await startHttpServer(config, services, silentLogger);
await fetch(`http://127.0.0.1:${server.port}/graphql`, {
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  },
  body: JSON.stringify({ query: '{ workers { name } }' }),
}).then((response) => response.text());
await server.close();
await services.close();
await tracing.close();
process.exit();
