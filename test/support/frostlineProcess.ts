import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Config } from '../../server/config.js';
import { program } from './program.js';
import { until } from './until.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface FrostlineProcess {
  child: ChildProcess;
  pid: number;
  /** What it wrote so far. */
  output(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface FrostlineOptions {
  env: NodeJS.ProcessEnv;
  /** What it writes when it is ready. */
  ready: RegExp;
  /** Modules that the process loads first. */
  imports?: string[];
  /** Commands of the shell that starts it, each followed by a semicolon. */
  before?: string;
}

/** The environment of a command that works on a test's folders and database and asks no network. */
export function frostlineEnvironment(config: Config, databaseUrl: string): NodeJS.ProcessEnv {
  return {
    ...config.environment,
    DATABASE_URL: databaseUrl,
    FROSTLINE_DATA: config.dataFolder,
    FROSTLINE_CACHE: config.cacheFolder,
    FROSTLINE_MODELS: config.modelsFolder,
    FROSTLINE_OFFLINE: '1',
  };
}

/** Starts a command of `frostline` as a process of its own, which ends with this one, and waits until it says that it is ready. */
export async function startFrostline(
  command: string[],
  { env, ready, imports = [], before = '' }: FrostlineOptions,
): Promise<FrostlineProcess> {
  const node = [...imports.flatMap((path) => ['--import', path]), ...program];
  const child = spawn('bash', ['-c', `${before}exec "$@"`, 'bash', process.execPath, ...node, ...command], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const end = (): boolean => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await until(() => ready.test(output) || ended()).catch(() => child.kill('SIGTERM'));
  if (!ready.test(output)) throw new Error(`frostline ${command.join(' ')} did not start: ${output}`);
  return {
    child,
    pid: child.pid!,
    output: () => output,
    kill: (signal) => endProcess(child, signal, () => output),
  };
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
