import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseLogLine } from '../../db/logger.js';

export interface WorkerProcess {
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

/** A worker gets this long to put its run back into the queue before it is killed. */
const PATIENCE_MS = 20_000;
const LONGEST_PAUSE_MS = 30_000;
/** A worker that lived this long did not die of how it was started. */
const STABLE_MS = 60_000;

/**
 * Runs one worker as a process of its own and starts another when it dies. It ends by itself when this process is gone, as it
 * hears when the channel between them closes. Its log goes to a file; warnings and errors are reported as well.
 */
export function startWorkerProcess(options: {
  env: NodeJS.ProcessEnv;
  logFile: string;
  report(line: string): void;
}): WorkerProcess {
  const log = createWriteStream(options.logFile, { flags: 'w' });
  let stopping = false;
  let pause = 1_000;
  let child: ChildProcess;
  let restart: NodeJS.Timeout | undefined;

  const launch = (): void => {
    const started = performance.now();
    const main = fileURLToPath(
      new URL(import.meta.url.endsWith('.ts') ? '../main.ts' : '../main.js', import.meta.url),
    );
    child = spawn(process.execPath, [...process.execArgv, main, 'worker'], {
      env: { ...options.env, FROSTLINE_LOG: 'json' },
      // Its own process group: a terminal's Ctrl-C reaches this process alone, which then stops everything in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`);
        const event = parseLogLine(line);
        if (event !== null && event.level !== 'info')
          options.report(`worker: ${event.level} ${event.message}`);
      });
    }
    child.once('exit', (status, signal) => {
      if (stopping) return;
      if (performance.now() - started > STABLE_MS) pause = 1_000;
      options.report(
        `the worker ended (${signal ?? `status ${status}`}); another starts in ${pause / 1000} s`,
      );
      restart = setTimeout(launch, pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    });
  };
  launch();

  return {
    async stop() {
      stopping = true;
      clearTimeout(restart);
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
        await exited;
        clearTimeout(timer);
      }
      log.end();
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}
