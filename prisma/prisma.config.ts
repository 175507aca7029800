// Runs Prisma's command line wholly in JavaScript: its WebAssembly schema engine over node-postgres, so that nothing is
// ever downloaded. `prisma generate` needs no database; the other commands use DATABASE_URL.
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import type { PrismaConfig } from 'prisma/config';
import pg from 'pg';

process.env.DATABASE_URL ??= 'postgresql://postgres@127.0.0.1:5432/frostline';

const NAME_OID = 19;
const CHAR_OID = 18;
const TEXT_OID = 25;

type QueryResult = { fields?: { dataTypeID: number }[] };

/** The schema engine cannot decode Postgres' catalogue types `name` and `"char"`: present them as text, which they are. */
function presentAsText(result: QueryResult): QueryResult {
  for (const field of result.fields ?? []) {
    if (field.dataTypeID === NAME_OID || field.dataTypeID === CHAR_OID) field.dataTypeID = TEXT_OID;
  }
  return result;
}

class CatalogueClient extends pg.Client {
  override query(...args: unknown[]): never {
    const query = super.query as unknown as (...args: unknown[]) => unknown;
    const pending = query.apply(this, args);
    return (pending instanceof Promise ? pending.then((result: QueryResult) => presentAsText(result)) : pending) as never;
  }
}

function adapterFor(database?: string): PrismaPg {
  const url = new URL(process.env.DATABASE_URL!);
  if (database !== undefined) url.pathname = `/${database}`;
  const pool = new pg.Pool({ connectionString: url.toString(), Client: CatalogueClient, max: 2 } as pg.PoolConfig);
  // Dropping the shadow database ends its idle connections; without a listener that would end the process.
  pool.on('error', () => {});
  return new PrismaPg(pool, { disposeExternalPool: true });
}

async function execute(script: string): Promise<void> {
  const connection = await adapterFor().connect();
  try {
    await connection.executeScript(script);
  } finally {
    await connection.dispose();
  }
}

const factory = {
  provider: 'postgres' as const,
  adapterName: '@prisma/adapter-pg' as const,
  connect: () => adapterFor().connect(),
  async connectToShadowDb() {
    const name = `prisma_shadow_${process.pid}_${Math.random().toString(36).slice(2)}`;
    await execute(`CREATE DATABASE "${name}"`);
    const shadow = await adapterFor(name).connect();
    const dispose = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await dispose();
      await execute(`DROP DATABASE "${name}" WITH (FORCE)`);
    };
    return shadow;
  },
};

const config: PrismaConfig = {
  experimental: { adapter: true },
  engine: 'js',
  schema: fileURLToPath(new URL('schema.prisma', import.meta.url)),
  migrations: { path: fileURLToPath(new URL('migrations', import.meta.url)) },
  adapter: async () => factory,
};

export default config;
