import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Config } from '../config.js';
import { type Logger } from '../db/logger.js';
import { type FromSlot, type ToSlot } from './slotMessages.js';
import { type Work, type Workbench } from './work.js';

/** A process that is told to leave gets this long to write what it still has to. */
const PATIENCE_MS = 10_000;

interface Slot {
  child: ChildProcess;
  /** Ends the wait of whoever gave it work. */
  settle: ((error: Error | null) => void) | null;
}

/** Does work in as many processes as the configuration says runs at a time; each has its share of the threads. */
export function openSlotPool(
  config: Config,
  log: Logger,
  { url, workerId }: { url: string; workerId: string },
): Workbench {
  const slots = new Set<Slot>();
  const threads = Math.max(1, Math.floor((config.threads ?? availableParallelism()) / config.concurrency));
  // What a process that has just died is not told, its exit settles.
  const tell = ({ child }: Slot, message: ToSlot): void => void child.send(message, () => {});

  const start = (): Slot => {
    const path = fileURLToPath(
      new URL(import.meta.url.endsWith('.ts') ? './slotProcess.ts' : './slotProcess.js', import.meta.url),
    );
    // Under the worker's own words, which go into a run's provenance.
    const child = fork(path, process.argv.slice(2), {
      env: { ...config.environment, FROSTLINE_THREADS: String(threads) },
      execArgv: process.execArgv,
    });
    const slot: Slot = { child, settle: null };
    slots.add(slot);
    child.on('message', (message: FromSlot) => {
      if (message.type === 'log') log[message.level](message.text);
      else slot.settle?.(message.error === null ? null : new Error(message.error));
    });
    child.once('exit', (status, signal) => {
      slots.delete(slot);
      slot.settle?.(new Error(`its process ended (${signal ?? `status ${status}`})`));
    });
    tell(slot, { type: 'open', url, workerId });
    return slot;
  };

  let stopping = false;
  return {
    async do(work: Work) {
      const slot = [...slots].find(({ settle }) => settle === null) ?? start();
      try {
        await new Promise<void>((resolve, reject) => {
          slot.settle = (error) => (error === null ? resolve() : reject(error));
          tell(slot, { type: 'work', work });
          if (stopping) tell(slot, { type: 'stop' });
        });
      } finally {
        slot.settle = null;
      }
    },
    stop() {
      stopping = true;
      for (const slot of slots) tell(slot, { type: 'stop' });
    },
    async close() {
      await Promise.all(
        [...slots].map(async ({ child }) => {
          const exited = once(child, 'exit');
          child.disconnect();
          const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
          await exited;
          clearTimeout(timer);
        }),
      );
    },
  };
}
