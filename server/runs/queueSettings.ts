import { badInput } from '../../experiments/errors.js';

/** How runs are treated in the queue, as whoever launches them says. */
export interface QueueSettings {
  priority?: number | null;
  maxAttempts?: number | null;
}

/** Priorities lie between minus this and this. */
export const MAX_PRIORITY = 100;
/** So many attempts at a run, at most. */
export const MAX_ATTEMPTS = 25;

/** Checks the settings and fills in what is not said: priority 0, and the server's own number of attempts. */
export function checkQueueSettings(
  { priority, maxAttempts }: QueueSettings,
  defaults: { maxAttempts: number },
): { priority: number; maxAttempts: number } {
  if (maxAttempts != null && (maxAttempts < 1 || maxAttempts > MAX_ATTEMPTS)) {
    const path = 'maxAttempts';
    throw badInput(`${path}: expected a number from 1 to ${MAX_ATTEMPTS}, got ${maxAttempts}`, { path });
  }
  return { priority: checkPriority(priority ?? 0), maxAttempts: maxAttempts ?? defaults.maxAttempts };
}

/** Checks a priority. */
export function checkPriority(priority: number): number {
  if (Math.abs(priority) <= MAX_PRIORITY) return priority;
  const path = 'priority';
  throw badInput(`${path}: expected a number from -${MAX_PRIORITY} to ${MAX_PRIORITY}, got ${priority}`, {
    path,
  });
}
