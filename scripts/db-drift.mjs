// Fails when prisma/schema.prisma and prisma/migrations disagree. Runs on a throw-away embedded Postgres.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '../dist/server/db/embeddedPostgres.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'frostline-drift-'));
const postgres = await startEmbeddedPostgres({ folder, settings: { fsync: 'off' } });
try {
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules', 'prisma', 'build', 'index.js'),
      'migrate',
      'diff',
      '--config',
      'prisma/prisma.config.ts',
      '--from-migrations',
      'prisma/migrations',
      '--to-schema-datamodel',
      'prisma/schema.prisma',
      '--exit-code',
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, DATABASE_URL: postgres.url, CHECKPOINT_DISABLE: '1' },
    },
  );
  process.exitCode = status ?? 1;
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
