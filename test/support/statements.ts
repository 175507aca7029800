import type pg from 'pg';

/** Counts the statements that a pool's connections are sent while `work` runs; transactions' own are statements too. */
export async function countStatements(pool: pg.Pool, work: () => Promise<void>): Promise<number> {
  let statements = 0;
  const restore: (() => void)[] = [];
  const counted = new WeakSet<object>();
  const listen = (client: pg.PoolClient): void => {
    if (counted.has(client)) return;
    counted.add(client);
    const own = client as unknown as { query: (...args: unknown[]) => unknown };
    const query = own.query.bind(client);
    own.query = (...args) => {
      statements += 1;
      return query(...args);
    };
    restore.push(() => (own.query = query));
  };
  pool.on('acquire', listen);
  try {
    await work();
  } finally {
    pool.off('acquire', listen);
    for (const undo of restore) undo();
  }
  return statements;
}
