import { type ChildProcess, spawn } from 'node:child_process';
import { type Config } from '../../server/config.js';
import { program } from './program.js';
import { endProcess, until } from './workerProcess.js';

export interface ServerProcess {
  pid: number;
  url: string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts `frostline start --no-worker` on a database, as a process of its own, and waits until it serves. */
export async function startServerProcess(config: Config, databaseUrl: string): Promise<ServerProcess> {
  const child: ChildProcess = spawn(process.execPath, [...program, 'start', '--no-worker'], {
    cwd: config.root,
    env: {
      ...config.environment,
      DATABASE_URL: databaseUrl,
      FROSTLINE_DATA: config.dataFolder,
      FROSTLINE_CACHE: config.cacheFolder,
      FROSTLINE_MODELS: config.modelsFolder,
      FROSTLINE_OFFLINE: '1',
      HOST: '127.0.0.1',
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  process.once('exit', () => child.kill('SIGKILL'));
  const address = /serving at http:\/\/localhost:(\d+)/;
  await until(() => address.test(output) || child.exitCode !== null);
  if (child.exitCode !== null) throw new Error(`the server did not start: ${output}`);
  return {
    pid: child.pid!,
    url: `http://127.0.0.1:${address.exec(output)![1]}`,
    kill: (signal) => endProcess(child, signal, () => output),
  };
}
