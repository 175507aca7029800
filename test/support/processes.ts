import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ProcessResult {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface TestProcess {
  child: ChildProcess;
  /** Waits until standard output holds the text. */
  said(text: string): Promise<void>;
  ended: Promise<ProcessResult>;
}

/** Starts a TypeScript program below `test/` in a process of its own; its arguments travel as one JSON text. */
export function startProcess(script: string, argument: unknown): TestProcess {
  const child = spawn(
    process.execPath,
    [
      '--no-warnings',
      '--import',
      '@swc-node/register/esm-register',
      fileURLToPath(new URL(`../${script}`, import.meta.url)),
      JSON.stringify(argument),
    ],
    { cwd: fileURLToPath(new URL('../..', import.meta.url)), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<ProcessResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (stdout.includes(text)) resolve();
      };
      child.stdout.on('data', look);
      child.on('close', () => reject(new Error(`ended without saying ${text}: ${stdout}${stderr}`)));
      look();
    });
  return { child, said, ended };
}
