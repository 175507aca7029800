import { type Config } from '../../server/config.js';
import { frostlineEnvironment, startFrostline } from './frostlineProcess.js';

export interface ServerProcess {
  pid: number;
  url: string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts `frostline start --no-worker` on a database, as a process of its own, and waits until it serves. */
export async function startServerProcess(config: Config, databaseUrl: string): Promise<ServerProcess> {
  const address = /serving at http:\/\/localhost:(\d+)/;
  const { pid, output, kill } = await startFrostline(['start', '--no-worker'], {
    env: { ...frostlineEnvironment(config, databaseUrl), HOST: '127.0.0.1', PORT: '0' },
    ready: address,
  });
  return { pid, url: `http://127.0.0.1:${address.exec(output())![1]}`, kill };
}
