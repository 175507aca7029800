import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { FrostlineError } from '../../../experiments/errors.js';
import { type Config, environmentOf } from '../../config.js';
import { type ExportFailure, type ExportJob } from './exportJob.js';

/** Each holds a model in memory. */
const MAX_EXPORTS = 2;
/** Below the API's own priority: when processors are few, the API answers first. */
const NICENESS = 5;
const RETRY_SECONDS = 10;

let running = 0;

/**
 * Starts a process that makes an archive, and gives its bytes once there are some; destroying the stream ends the process.
 * @throws what the process fails by before its first byte, or OVERLOADED when others are at it already
 */
export async function startExport(config: Config, job: ExportJob): Promise<Readable> {
  if (running >= MAX_EXPORTS) {
    const message = `${running} exports are under way, which is as many as there may be: try again in a while`;
    throw new FrostlineError('OVERLOADED', message, { retryAfterSeconds: RETRY_SECONDS });
  }
  const source = import.meta.url.endsWith('.ts') ? './exportProcess.ts' : './exportProcess.js';
  const child = fork(fileURLToPath(new URL(source, import.meta.url)), {
    env: environmentOf(config),
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  running += 1;
  child.once('close', () => (running -= 1));
  const archive = child.stdout!;
  archive.once('close', () => child.kill('SIGKILL'));
  try {
    if (child.pid !== undefined) setPriority(child.pid, NICENESS);
  } catch {
    // Not every system lets one; it only makes the API's answers come later under load.
  }
  child.send(job);
  await Promise.race([once(archive, 'readable'), failureOf(child)]);
  // What goes wrong later breaks the archive off, which its reader sees.
  failureOf(child).catch((error: Error) => archive.destroy(error));
  return archive;
}

/** Rejects when the process fails, never resolves. */
async function failureOf(child: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    child.once('message', ({ code, message, path }: ExportFailure) =>
      reject(new FrostlineError(code, message, { path })),
    );
    child.once('error', reject);
    child.once('exit', (status, signal) => {
      if (status === 0) return;
      const how = signal ?? `status ${status}`;
      reject(
        new FrostlineError('UNAVAILABLE', `the process that makes the archive ended (${how}): try again`),
      );
    });
  });
}
