import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { runMigrations as migrateQueue, Logger as QueueLogger } from 'graphile-worker';
import pg from 'pg';
import { FrostlineError } from '../../experiments/errors.js';
import { type Config } from '../config.js';

/** Two servers that start at once take turns; the key spells "FROST". */
const MIGRATION_LOCK = 0x46524f5354;

/** Brings the database's schema, the queue's included, to this version's; under a lock, and a no-op when it is there. */
export async function migrateDatabase(
  url: string,
  config: Pick<Config, 'root' | 'environment'>,
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    if (await isBehind(client, join(config.root, 'prisma', 'migrations'))) await deploy(url, config);
    const silent = new QueueLogger(() => () => {});
    await migrateQueue({ connectionString: url, logger: silent });
  } finally {
    await client.end();
  }
}

/** Asks the migrations table itself: Prisma's command line takes a second to say that there is nothing to do. */
async function isBehind(client: pg.Client, folder: string): Promise<boolean> {
  const { rows } = await client.query<{ present: boolean }>(
    "SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS present",
  );
  if (!rows[0]!.present) return true;
  const applied = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const checksums = new Map(applied.rows.map((row) => [row.migration_name, row.checksum]));
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const sql = await readFile(join(folder, entry.name, 'migration.sql'));
    if (checksums.get(entry.name) !== createHash('sha256').update(sql).digest('hex')) return true;
  }
  return false;
}

async function deploy(url: string, config: Pick<Config, 'root' | 'environment'>): Promise<void> {
  const cli = createRequire(import.meta.url).resolve('prisma/build/index.js');
  const child = spawn(
    process.execPath,
    [cli, 'migrate', 'deploy', '--config', join(config.root, 'prisma', 'prisma.config.ts')],
    {
      cwd: config.root,
      env: {
        ...config.environment,
        DATABASE_URL: url,
        CHECKPOINT_DISABLE: '1',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) {
    const password = new URL(url).password;
    const safe = password === '' ? output : output.replaceAll(password, '***');
    throw new FrostlineError('INTERNAL', `the database migrations failed:\n${safe.trim()}`);
  }
}
