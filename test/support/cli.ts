import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { cacheFolder } from './cacheFolder.js';
import { program } from './program.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface CliResult {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  input?: string;
  env?: Record<string, string>;
  /** Called with what standard output has held so far, and a way to send a signal. */
  onOutput?(stdout: string, kill: (signal: NodeJS.Signals) => void): void;
}

/** Runs the command line in a process of its own; it asks no network for weights. */
export function runCli(args: string[], options: CliOptions = {}): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...program, ...args], {
      cwd: root,
      env: {
        ...process.env,
        FROSTLINE_CACHE: cacheFolder,
        FROSTLINE_OFFLINE: '1',
        FROSTLINE_DEBUG: '',
        ...options.env,
      },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      options.onOutput?.(stdout, (signal) => child.kill(signal));
    });
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
    child.stdin.end(options.input ?? '');
  });
}
