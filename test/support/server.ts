import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, readConfig } from '../../server/config.js';
import { type Database } from '../../server/db/database.js';
import { lineLogger } from '../../server/db/logger.js';
import { type Services } from '../../server/graphql/context.js';
import { type RunningServer, startHttpServer } from '../../server/http/httpServer.js';
import { openServices } from '../../server/http/services.js';
import { createTestDatabase } from './database.js';
import { endWorkers } from './workerProcess.js';

const modelsFolder = fileURLToPath(new URL('../fixtures/models', import.meta.url));

export interface GraphQLAnswer<Data> {
  status: number;
  data: Data;
  errors?: {
    message: string;
    path?: (string | number)[];
    extensions: { code: string; path?: string; id?: string };
  }[];
}

export interface TestServer {
  readonly url: string;
  readonly config: Config;
  readonly database: Database;
  readonly services: Services;
  /** Its HTTP routes, as the server itself lists them. */
  readonly routes: string[];
  /** The lines that the server logged. */
  readonly logged: string[];
  /** Sends an operation over HTTP, with a token where one is given. */
  query<Data = Record<string, unknown>>(
    query: string,
    variables?: object,
    token?: string | null,
  ): Promise<GraphQLAnswer<Data>>;
}

/** A configuration whose folders are its own, that asks no network, and that knows the tiny models of the fixtures. */
export function testConfig(folder: string, env: Record<string, string> = {}): Config {
  const own = { FROSTLINE_DATA: join(folder, 'data'), FROSTLINE_CACHE: join(folder, 'cache') };
  const isolated = {
    HF_HUB_CACHE: join(folder, 'hub'),
    FROSTLINE_OFFLINE: '1',
    FROSTLINE_MODELS: modelsFolder,
  };
  return readConfig({
    ...process.env,
    ...own,
    ...isolated,
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_URL: '',
    ...env,
  });
}

/**
 * Gives the enclosing `describe` a server on an empty database; call it in the body, use it in hooks and tests. Workers that tests start
 * for it end with it. Only with
 * `dashboard` does it serve the built pages.
 */
export function useServer(
  env: Record<string, string> = {},
  { dashboard = false }: { dashboard?: boolean } = {},
): TestServer {
  let folder = '';
  let drop = async (): Promise<void> => {};
  let running: RunningServer | undefined;
  let services: Awaited<ReturnType<typeof openServices>> | undefined;
  const logged: string[] = [];
  const log = lineLogger((line) => logged.push(line));
  const server = { logged } as { -readonly [Key in keyof TestServer]: TestServer[Key] };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'frostline-server-'));
    const created = await createTestDatabase();
    drop = created.drop;
    const own = testConfig(folder, { ...env, DATABASE_URL: created.url });
    const config = dashboard ? own : { ...own, webFolder: folder };
    services = await openServices(created.url, config, log);
    running = await startHttpServer(config, services, log);
    const url = `http://127.0.0.1:${running.port}`;
    Object.assign(server, { url, config, services, database: services.database, routes: running.routes });
  });
  after(async () => {
    if (running) await endWorkers(server.config);
    await running?.close();
    await services?.close();
    await drop();
    rmSync(folder, { recursive: true, force: true });
  });
  server.query = async <Data>(query: string, variables: object = {}, token: string | null = null) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as object) } as GraphQLAnswer<Data>;
  };
  return server;
}
