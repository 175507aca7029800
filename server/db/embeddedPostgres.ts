import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { FrostlineError } from '../../experiments/errors.js';
import { findPostgresBinaries, type PostgresBinaries } from './postgresBinaries.js';
import { choosePostgresUser, type PostgresUser } from './postgresUser.js';
import { clearStalePostmaster, isAlive, isPostgresOf } from './postmasterPid.js';

export interface EmbeddedPostgres {
  /** URL of the product's database, password included. */
  url: string;
  port: number;
  pid: number;
  /** Resolves when it has ended, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
  /** Ends it at once; it recovers at the next start. */
  kill(): void;
}

export interface EmbeddedPostgresOptions {
  /** The data folder; the cluster goes to `postgres/` in it. */
  folder: string;
  database?: string;
  /** Where it listens; a free port when absent. */
  port?: number;
  /** Settings such as `{ fsync: 'off' }`, for tests. */
  settings?: Record<string, string>;
}

interface ClusterRecord {
  port: number;
  password: string;
  pid: number;
  /** The process that started it and will stop it. */
  ownerPid: number;
  database: string;
}

function recordPath(folder: string): string {
  return join(folder, 'postgres.json');
}

function readRecord(folder: string): ClusterRecord | null {
  if (!existsSync(recordPath(folder))) return null;
  return JSON.parse(readFileSync(recordPath(folder), 'utf8')) as ClusterRecord;
}

function urlOf({ password, port }: Pick<ClusterRecord, 'password' | 'port'>, database: string): string {
  return `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
}

/** URL of the embedded Postgres that another process runs on this data folder; null when none runs. */
export function runningPostgresUrl(folder: string): string | null {
  const record = readRecord(folder);
  if (record === null || !isAlive(record.ownerPid) || !isPostgresOf(join(folder, 'postgres'), record.pid))
    return null;
  return urlOf(record, record.database);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function start(user: PostgresUser, program: string, args: string[], output: number): ChildProcess {
  const [command, ...rest] = [...user.prefix, program, ...args];
  // Its own process group: a terminal's Ctrl-C must not reach Postgres before the server and the worker are done with it.
  return spawn(command!, rest, {
    uid: user.uid,
    gid: user.gid,
    cwd: '/',
    detached: true,
    stdio: ['ignore', output, output],
  });
}

/** Makes the cluster in a folder beside and renames it, so that a killed initdb leaves nothing half-made. */
async function initialise(
  binaries: PostgresBinaries,
  user: PostgresUser,
  folder: string,
  password: string,
  log: string,
): Promise<void> {
  const fresh = join(folder, 'postgres.new');
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  const secret = await mkdtemp(join(tmpdir(), 'frostline-'));
  const passwordFile = join(secret, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user.owner) {
    for (const path of [fresh, secret, passwordFile]) await chown(path, user.owner.uid, user.owner.gid);
  }
  const output = openSync(log, 'w');
  try {
    const child = start(
      user,
      binaries.initdb,
      [
        '-D',
        fresh,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        '--no-instructions',
      ],
      output,
    );
    const [status] = (await once(child, 'exit')) as [number | null];
    if (status !== 0)
      throw new FrostlineError('INTERNAL', `initdb failed, see ${log}: ${await lastLine(log)}`);
  } finally {
    closeSync(output);
    await rm(secret, { recursive: true, force: true });
  }
  await rename(fresh, join(folder, 'postgres'));
}

async function lastLine(log: string): Promise<string> {
  return (await readFile(log, 'utf8')).trim().split('\n').at(-1) ?? '';
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function createDatabase(url: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

/**
 * Starts Postgres on the data folder, on a free loopback port that is chosen anew each time and recorded in `postgres.json`
 * for the other commands. What an earlier, killed process left (a stale lock file, an orphaned server) is cleared first.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { folder, database = 'frostline', settings = {} } = options;
  const cluster = join(folder, 'postgres');
  const log = join(folder, 'postgres.log');
  await mkdir(folder, { recursive: true });
  const before = readRecord(folder);
  if (
    before &&
    before.ownerPid !== process.pid &&
    isAlive(before.ownerPid) &&
    isPostgresOf(cluster, before.pid)
  ) {
    throw new FrostlineError(
      'CONFLICT',
      `${folder} is in use by process ${before.ownerPid}: stop it, or set FROSTLINE_DATA`,
    );
  }
  const binaries = await findPostgresBinaries();
  const user = choosePostgresUser([folder, dirname(binaries.postgres)]);
  const password = before?.password ?? randomBytes(18).toString('hex');
  const record: ClusterRecord = { port: 0, password, pid: 0, ownerPid: process.pid, database };
  const save = () => writeFile(recordPath(folder), JSON.stringify(record), { mode: 0o600 });
  if (!existsSync(join(cluster, 'PG_VERSION'))) {
    await save();
    await initialise(binaries, user, folder, password, log);
  }
  await clearStalePostmaster(cluster);

  for (let attempt = 1; ; attempt += 1) {
    record.port = options.port ?? (await freePort());
    const output = openSync(log, 'w');
    const flags = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '200',
      shared_buffers: '256MB',
      wal_compression: 'on',
      ...settings,
    };
    const child = start(
      user,
      binaries.postgres,
      [
        '-D',
        cluster,
        '-p',
        String(record.port),
        ...Object.entries(flags).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
      ],
      output,
    );
    closeSync(output);
    const exited = once(child, 'exit');
    exited.catch(() => {});
    record.pid = child.pid ?? 0;
    await save();
    const maintenance = urlOf(record, 'postgres');
    const deadline = performance.now() + 60_000;
    let ready = false;
    while (!ready && child.exitCode === null && child.signalCode === null && performance.now() < deadline) {
      ready = await answers(maintenance);
      if (!ready) await sleep(50);
    }
    if (ready) {
      await createDatabase(maintenance, database);
      return {
        url: urlOf(record, database),
        port: record.port,
        pid: record.pid,
        ended: exited.then(() => {}),
        stop: () => stop(child, folder),
        kill: () => void child.kill('SIGQUIT'),
      };
    }
    if (child.exitCode === null) await stop(child, folder);
    // Another process may have taken the port between choosing and binding it.
    if (attempt === 3)
      throw new FrostlineError('UNAVAILABLE', `Postgres did not start, see ${log}: ${await lastLine(log)}`);
  }
}

/** Postgres' fast shutdown: open transactions are rolled back, data is flushed, no recovery at the next start. */
async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGQUIT'), 20_000);
    await exited;
    clearTimeout(timer);
  }
  const record = readRecord(folder);
  if (record)
    await writeFile(recordPath(folder), JSON.stringify({ ...record, port: 0, pid: 0, ownerPid: 0 }), {
      mode: 0o600,
    });
}
