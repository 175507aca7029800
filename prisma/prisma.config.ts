// Runs Prisma's command line wholly in JavaScript: its WebAssembly schema engine over node-postgres, so that nothing is
// ever downloaded. `prisma generate` needs no database; the other commands use DATABASE_URL.
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import type { PrismaConfig } from 'prisma/config';
import pg from 'pg';

process.env.DATABASE_URL ??= 'postgresql://postgres@127.0.0.1:5432/frostline';

// The engine limits its wait for the migration lock by a timer that it never clears: it must not keep a finished command
// alive for ten seconds. A command that does wait is kept alive by its connection.
const LOCK_TIMEOUT_MS = 10_000;
const schedule = globalThis.setTimeout;
globalThis.setTimeout = ((run: () => void, milliseconds?: number, ...args: []) => {
  const timer = schedule(run, milliseconds, ...args);
  return milliseconds === LOCK_TIMEOUT_MS ? timer.unref() : timer;
}) as typeof globalThis.setTimeout;

const NAME_OID = 19;
const CHAR_OID = 18;
const TEXT_OID = 25;

type QueryResult = { fields?: { name: string; dataTypeID: number }[]; rows?: unknown[][] };

/**
 * Shows the schema engine only what it knows: it cannot decode the catalogue types `name` and `"char"`, which are presented
 * as the text that they are, and it stops at the NOT NULL constraints that Postgres 18 lists beside the checks.
 */
function presentCatalogue(result: QueryResult): QueryResult {
  for (const field of result.fields ?? []) {
    if (field.dataTypeID === NAME_OID || field.dataTypeID === CHAR_OID) field.dataTypeID = TEXT_OID;
  }
  const constraintType = result.fields?.findIndex((field) => field.name === 'constraint_type') ?? -1;
  if (constraintType >= 0) result.rows = result.rows?.filter((row) => row[constraintType] !== 'n');
  return result;
}

type Callback = (error: Error | null, result?: QueryResult) => void;

/** node-postgres answers by promise when asked directly and by callback when asked through a pool. */
class CatalogueClient extends pg.Client {
  override query(...args: unknown[]): never {
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      args[args.length - 1] = (error: Error | null, result?: QueryResult) =>
        (callback as Callback)(error, result && presentCatalogue(result));
    }
    const answer = (super.query as (...args: unknown[]) => unknown).apply(this, args);
    return (answer instanceof Promise ? answer.then(presentCatalogue) : answer) as never;
  }
}

function adapterFor(database?: string): PrismaPg {
  const url = new URL(process.env.DATABASE_URL!);
  if (database !== undefined) url.pathname = `/${database}`;
  // A plain object rather than a pool: the adapter tells pools by class, and its copy of pg need not be the one imported here.
  const settings = {
    connectionString: url.toString(),
    Client: CatalogueClient,
    max: 2,
    idleTimeoutMillis: 100,
  };
  // Dropping the shadow database ends its idle connections; the adapter listens for that, which would else end the process.
  return new PrismaPg(settings as pg.PoolConfig);
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
