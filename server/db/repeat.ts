import { isConnectionLoss } from './connectionLoss.js';
import { type Logger } from './logger.js';

/** Work that is done over and over until it is stopped. */
export interface Repetition {
  stop(): void;
}

/** Calls `work` every so many milliseconds; a call that fails, as it does when the database is away, is made again at the next turn. */
export function repeat(milliseconds: number, work: () => Promise<unknown>, log: Logger): Repetition {
  const timer = setInterval(
    () =>
      void work().catch((error: Error) => {
        if (!isConnectionLoss(error)) log.warn(error.message);
      }),
    milliseconds,
  );
  return { stop: () => clearInterval(timer) };
}
