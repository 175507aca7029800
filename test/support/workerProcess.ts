import { type ChildProcess, spawn } from 'node:child_process';
import { type Config } from '../../server/config.js';
import { type Database } from '../../server/db/database.js';
import { isAlive } from '../../server/db/postmasterPid.js';
import { childrenOf } from './childrenOf.js';
import { program } from './program.js';

export interface WorkerProcess {
  pid: number;
  name: string;
  /** What it wrote so far. */
  output(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface WorkerOptions {
  /** Another way to the same database. */
  databaseUrl?: string;
  /** Kilobytes that a file may have: writing more fails as on a full disk. */
  fileSizeLimit?: number;
  /** Modules that the process loads first. */
  imports?: string[];
}

/** Workers that run, with the data folder that they work in. */
const running = new Map<ChildProcess, string>();

/** Ends the workers of a data folder, and the processes they started: nobody writes there any more. */
export async function endWorkers({ dataFolder }: Config): Promise<void> {
  for (const [child, folder] of running) {
    if (folder !== dataFolder) continue;
    const started = childrenOf(child.pid!);
    await endProcess(child, 'SIGKILL', () => '');
    await until(() => started.every((pid) => !isAlive(pid)));
  }
}

/** Starts a worker as a process of its own and waits until it has entered itself. */
export async function startWorker(
  config: Config,
  database: Database,
  { databaseUrl = database.url, fileSizeLimit, imports = [] }: WorkerOptions = {},
): Promise<WorkerProcess> {
  // Ignored here, the signal that comes with the limit is ignored by the process too, and writing fails with EFBIG.
  const limit = fileSizeLimit === undefined ? '' : `trap '' XFSZ; ulimit -f ${fileSizeLimit}; `;
  const child: ChildProcess = spawn(
    'bash',
    [
      '-c',
      `${limit}exec "$@"`,
      'bash',
      process.execPath,
      ...imports.flatMap((path) => ['--import', path]),
      ...program,
      'worker',
    ],
    {
      cwd: config.root,
      env: {
        ...config.environment,
        DATABASE_URL: databaseUrl,
        FROSTLINE_DATA: config.dataFolder,
        FROSTLINE_CACHE: config.cacheFolder,
        FROSTLINE_MODELS: config.modelsFolder,
        FROSTLINE_OFFLINE: '1',
        FROSTLINE_THREADS: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  process.once('exit', () => child.kill('SIGKILL'));
  running.set(child, config.dataFolder);
  child.once('exit', () => running.delete(child));
  await until(() => output.includes('waits for runs') || child.exitCode !== null);
  if (child.exitCode !== null) throw new Error(`the worker did not start: ${output}`);
  const row = await database.prisma.worker.findFirstOrThrow({
    where: { name: { endsWith: `-${child.pid}` } },
  });
  return {
    pid: child.pid!,
    name: row.name,
    output: () => output,
    kill: (signal) => endProcess(child, signal, () => output),
  };
}

/** Waits until something is so, for at most this many seconds. */
export async function until(condition: () => boolean | Promise<boolean>, seconds = 110): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain for ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Sends a signal to a process and waits until it has ended; says what it wrote when it does not. */
export async function endProcess(
  child: ChildProcess,
  signal: NodeJS.Signals,
  output: () => string,
): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  await until(() => child.exitCode !== null || child.signalCode !== null, 60).catch(() => {
    throw new Error(`process ${child.pid} did not end by ${signal}; it wrote:\n${output()}`);
  });
}
