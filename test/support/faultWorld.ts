import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderBlobStore } from '../../server/blobs/folderBlobStore.js';
import { type Config } from '../../server/config.js';
import { type Database, openDatabase } from '../../server/db/database.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../server/db/embeddedPostgres.js';
import { silentLogger } from '../../server/db/logger.js';
import { migrateDatabase } from '../../server/db/migrate.js';
import { fsck } from '../../server/fsck/fsck.js';
import { keepHouse } from '../../server/fsck/keepHouse.js';
import { testConfig } from './server.js';

/** A Postgres, a data folder and a database of their own, to be broken. */
export interface FaultWorld {
  readonly config: Config;
  readonly database: Database;
  readonly postgres: EmbeddedPostgres;
  /** Stops Postgres at once, as a crash would, and starts it again on the same port, after what is to happen meanwhile. */
  restartPostgres(meanwhile?: () => Promise<void>): Promise<void>;
  /** Lets the workers' housekeeping pass, then fails with whatever `fsck` still finds. */
  assertSound(): Promise<void>;
}

/** Gives the enclosing `describe` a world; call it in the body, use it in hooks and tests. */
export function useFaultWorld(): FaultWorld {
  let folder = '';
  const world = {} as { -readonly [Key in keyof FaultWorld]: FaultWorld[Key] };
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'frostline-faults-'));
    world.config = testConfig(folder);
    world.postgres = await startEmbeddedPostgres({ folder });
    await migrateDatabase(world.postgres.url, world.config);
    world.database = openDatabase(world.postgres.url, { log: silentLogger, name: 'test' });
  });
  after(async () => {
    await world.database?.close();
    await world.postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  world.restartPostgres = async (meanwhile = async () => {}) => {
    const { port } = world.postgres;
    world.postgres.kill();
    await world.postgres.ended;
    await meanwhile();
    world.postgres = await startEmbeddedPostgres({ folder, port });
  };
  world.assertSound = async () => {
    const { config, database } = world;
    const blobs = folderBlobStore(join(config.dataFolder, 'blobs'));
    const context = {
      database,
      blobs,
      runsFolder: join(config.dataFolder, 'runs'),
      deep: true,
      graceSeconds: 0,
    };
    await keepHouse(context);
    const results = await fsck(context, { repair: false });
    assert.deepEqual(
      results.flatMap(({ findings }) => findings.map(({ message }) => message)),
      [],
    );
  };
  return world;
}
