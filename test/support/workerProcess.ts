import { type ChildProcess } from 'node:child_process';
import { type Config } from '../../server/config.js';
import { type Database } from '../../server/db/database.js';
import { isAlive } from '../../server/db/postmasterPid.js';
import { childrenOf } from './childrenOf.js';
import { endProcess, frostlineEnvironment, startFrostline } from './frostlineProcess.js';
import { until } from './until.js';

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
  { databaseUrl = database.url, fileSizeLimit, imports }: WorkerOptions = {},
): Promise<WorkerProcess> {
  const { child, pid, output, kill } = await startFrostline(['worker'], {
    env: { ...frostlineEnvironment(config, databaseUrl), FROSTLINE_THREADS: '1' },
    ready: /waits for runs/,
    ...(imports && { imports }),
    // Ignored in the shell, the signal that comes with the limit is ignored by the process too, and writing fails with EFBIG.
    ...(fileSizeLimit !== undefined && { before: `trap '' XFSZ; ulimit -f ${fileSizeLimit}; ` }),
  });
  running.set(child, config.dataFolder);
  child.once('exit', () => running.delete(child));
  const row = await database.prisma.worker.findFirstOrThrow({ where: { name: { endsWith: `-${pid}` } } });
  return { pid, name: row.name, output, kill };
}
