import type pg from 'pg';
import { isConnectionLoss } from '../db/connectionLoss.js';
import { isStatementTimeout } from '../db/statementTimeout.js';

/** A code that graphile-worker tries again after, waiting 3 s at first and 2 min at last: Postgres is still starting. */
const CANNOT_CONNECT_NOW = '57P03';

/**
 * A pool for graphile-worker. It says "done" of a job without waiting for the answer, tries that again for a few error codes only, and
 * a lost connection has none of them: the rejection that nobody handles would end the process. Here what says nothing against the
 * statement itself has such a code.
 */
export function patientPool(pool: pg.Pool): pg.Pool {
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect().catch(tryAgain);
    return overriding(client, {
      query: (...statement: [string]) => client.query(...statement).catch(tryAgain),
    });
  };
  type Listener = Parameters<pg.Pool['connect']>[0];
  return overriding(pool, {
    connect: (listener?: Listener) => (listener ? pool.connect(listener) : connect()),
  });
}

function tryAgain(error: Error): never {
  if (isConnectionLoss(error) || isStatementTimeout(error))
    Object.assign(error, { code: CANNOT_CONNECT_NOW });
  throw error;
}

function overriding<Target extends object>(target: Target, methods: object): Target {
  return new Proxy(target, {
    get(_, key) {
      if (key in methods) return Reflect.get(methods, key) as unknown;
      const value = Reflect.get(target, key) as unknown;
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
}
