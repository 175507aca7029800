import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { readConfig } from '../../server/config.js';
import { type Database, openDatabase } from '../../server/db/database.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../server/db/embeddedPostgres.js';
import { silentLogger } from '../../server/db/logger.js';
import { migrateDatabase } from '../../server/db/migrate.js';

const TEMPLATE = 'frostline_template';

interface TestServer {
  postgres: EmbeddedPostgres;
  folder: string;
}

let server: Promise<TestServer> | null = null;
let databases = 0;

async function startServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'frostline-test-'));
  const settings = { fsync: 'off', full_page_writes: 'off', shared_buffers: '64MB' };
  const postgres = await startEmbeddedPostgres({ folder, database: TEMPLATE, settings });
  process.once('exit', () => {
    try {
      process.kill(postgres.pid, 'SIGQUIT');
    } catch {
      // It has stopped already.
    }
  });
  await migrateDatabase(postgres.url, readConfig());
  return { postgres, folder };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({
    connectionString: Object.assign(new URL(url), { pathname: '/postgres' }).toString(),
  });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A migrated, empty database of its own on the one embedded Postgres of this mocha process: a clone, made in milliseconds. */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  server ??= startServer();
  const { postgres } = await server;
  databases += 1;
  const name = `test_${databases}`;
  await administer(postgres.url, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return {
    url: Object.assign(new URL(postgres.url), { pathname: `/${name}` }).toString(),
    drop: () => administer(postgres.url, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

/** Gives the enclosing `describe` a database; call it in the body, read `.database` in hooks and tests. */
export function useDatabase(): { readonly database: Database } {
  let database: Database | undefined;
  let drop: (() => Promise<void>) | undefined;
  before(async () => {
    const created = await createTestDatabase();
    drop = created.drop;
    database = openDatabase(created.url, { log: silentLogger, name: 'test' });
  });
  after(async () => {
    await database?.close();
    await drop?.();
  });
  return {
    get database() {
      if (database === undefined) throw new Error('the database is there from the before hooks on');
      return database;
    },
  };
}

after(async () => {
  if (server === null) return;
  const { postgres, folder } = await server;
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});
