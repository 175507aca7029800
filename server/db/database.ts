import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { type Logger } from './logger.js';
import { PrismaClient } from './generated/client.js';

/** Runs SQL: the pool, or a client inside a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** One process' access to Postgres: Prisma for the plain reads and writes, SQL on the same pool for the hot paths. */
export interface Database {
  url: string;
  pool: pg.Pool;
  prisma: PrismaClient;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  log: Logger;
  /** Shown in pg_stat_activity. */
  name?: string;
  maxConnections?: number;
  /** Postgres gives a statement up after this long. */
  statementSeconds?: number;
}

/** Opens a pool; nothing connects until the first query. */
export function openDatabase(url: string, options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.maxConnections ?? 12,
    application_name: options.name ?? 'frostline',
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 1_000 * (options.statementSeconds ?? 60),
  });
  // An idle connection that Postgres closes is replaced at the next query; without a listener it would end the process.
  let closing = false;
  pool.on('error', (error) => {
    if (!closing) options.log.warn(`lost an idle database connection: ${error.message}`);
  });
  // The same for connections that are checked out; the query under way fails by itself.
  pool.on('connect', (client) => client.on('error', () => {}));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    url,
    pool,
    prisma,
    async close() {
      // The pool says that it has ended while its connections are still closing.
      closing = true;
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** Runs `work` in one transaction: all of it is committed, or nothing. */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
