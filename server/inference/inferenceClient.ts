import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { FrostlineError } from '../../experiments/errors.js';
import { type Config, environmentOf } from '../config.js';
import { type Logger } from '../db/logger.js';
import { Admission } from './admission.js';
import { type FromProcess, type InferenceAnswer, type InferenceRequest, type ToProcess } from './protocol.js';

export interface InferenceClient {
  /**
   * Computes; when `signal` fires, what has not been computed yet is not.
   * @throws OVERLOADED when too much waits already
   */
  run(request: InferenceRequest, signal?: AbortSignal): Promise<InferenceAnswer>;
  /** Id of the process that holds the models, while there is one. */
  readonly pid: number | undefined;
  close(): Promise<void>;
}

interface Pending {
  resolve(answer: InferenceAnswer): void;
  reject(error: unknown): void;
}

/** Below the API's own priority: when processors are few, the API answers first. */
const NICENESS = 5;

/** Starts the process that holds the models with the first request, and again after it has died. */
export function openInferenceClient(config: Config, log: Logger): InferenceClient {
  const admission = new Admission(config.inference);
  const pending = new Map<number, Pending>();
  let child: ChildProcess | undefined;
  let closed = false;
  let requests = 0;

  const send = (message: ToProcess): void => {
    // The channel may be gone already; then the process' end tells whoever waits.
    child?.send(message, () => {});
  };
  const settle = (id: number, how: (waiting: Pending) => void): void => {
    const waiting = pending.get(id);
    if (waiting === undefined) return;
    pending.delete(id);
    how(waiting);
  };
  const receive = (message: FromProcess): void => {
    switch (message.type) {
      case 'done':
        settle(message.id, ({ resolve }) => resolve(message.answer));
        break;
      case 'failed': {
        const { code, message: text, path } = message.error;
        settle(message.id, ({ reject }) => reject(new FrostlineError(code, text, { path })));
        break;
      }
      case 'log':
        log[message.level](`inference: ${message.message}`);
        break;
    }
  };
  const start = (): void => {
    const source = import.meta.url.endsWith('.ts') ? './inferenceProcess.ts' : './inferenceProcess.js';
    const started = fork(fileURLToPath(new URL(source, import.meta.url)), {
      env: environmentOf(config),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child = started;
    started.on('message', receive);
    started.once('exit', (status, signal) => {
      if (child === started) child = undefined;
      if (!closed) log.warn(`the process that holds the models ended (${signal ?? `status ${status}`})`);
      const message = 'the model process ended while it worked on this: try again';
      for (const id of [...pending.keys()]) {
        settle(id, ({ reject }) => reject(new FrostlineError('UNAVAILABLE', message)));
      }
    });
    started.on('error', (error) => log.warn(`the process that holds the models: ${error.message}`));
    try {
      if (started.pid !== undefined) setPriority(started.pid, NICENESS);
    } catch {
      // Not every system lets one; it only makes the API's answers come later under load.
    }
  };

  return {
    get pid() {
      return child?.pid;
    },

    async run(request, signal) {
      const cancelled = new FrostlineError('CANCELLED', 'the request was cancelled');
      if (signal?.aborted) throw cancelled;
      if (closed) throw new FrostlineError('UNAVAILABLE', 'the server is stopping');
      const leave = admission.enter(request.input);
      if (child === undefined) start();
      const id = (requests += 1);
      const abort = (): void => {
        send({ type: 'cancel', id });
        settle(id, ({ reject }) => reject(cancelled));
      };
      try {
        return await new Promise<InferenceAnswer>((resolve, reject) => {
          pending.set(id, { resolve, reject });
          signal?.addEventListener('abort', abort, { once: true });
          send({ type: 'run', id, request });
        });
      } finally {
        signal?.removeEventListener('abort', abort);
        leave();
      }
    },

    async close() {
      closed = true;
      if (child === undefined) return;
      const exited = once(child, 'exit');
      child.disconnect();
      const timer = setTimeout(() => child?.kill('SIGKILL'), 3_000);
      await exited;
      clearTimeout(timer);
    },
  };
}
