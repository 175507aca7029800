import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const benchFolder = join(root, '.frostline', 'bench-tracker');

/** The server under test. */
export interface BenchServer {
  port: number;
  databaseUrl: string;
  pid: number;
  stop(): Promise<void>;
}

/** Starts a server on an empty database of its own, which goes away with it. */
export async function startServer(env: NodeJS.ProcessEnv): Promise<BenchServer> {
  mkdirSync(benchFolder, { recursive: true });
  const folder = mkdtempSync(join(benchFolder, 'data-'));
  const child = fork(fileURLToPath(new URL('serve.ts', import.meta.url)), {
    env: {
      ...env,
      NODE_ENV: 'production',
      FROSTLINE_DATA: folder,
      DATABASE_URL: '',
      PORT: '0',
      HOST: '127.0.0.1',
      FROSTLINE_OFFLINE: '1',
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const told = await Promise.race([once(child, 'message'), exited]);
  if (child.exitCode !== null)
    throw new Error(`the server ended with status ${child.exitCode} before it listened`);
  return {
    ...(told[0] as { port: number; databaseUrl: string }),
    pid: child.pid!,
    async stop() {
      child.disconnect();
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
