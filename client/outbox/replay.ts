import { setTimeout as sleep } from 'node:timers/promises';
import type { FrostlineApiError } from '../errors.js';
import { type BackoffOptions, pauseBefore } from '../transport/backoff.js';
import type { Entry } from './entry.js';
import type { Journal } from './journal.js';

/** How one try to send an entry ended. `later`: the server is away, busy or does not let this client in at the moment. */
export type Sent =
  | { to: 'server'; runId: string | null }
  | { to: 'later'; error: FrostlineApiError }
  | { to: 'nobody'; error: FrostlineApiError };

export interface ReplayOptions {
  send(entry: Entry): Promise<Sent>;
  backoff: BackoffOptions;
  signal: AbortSignal;
  /** Hears of entries that the server refused for good; they are put aside and the rest goes on. */
  onRejected(entry: Entry, error: FrostlineApiError): void;
}

/** A server that fails at an entry so often in a row will always; what comes after it must not wait for ever. */
const MAX_FAULTS = 10;

/** Sends what a journal holds, in its order, for as long as it takes. Ends when all of it is sent, or by the signal. */
export async function replay(
  journal: Journal,
  { send, backoff, signal, onRejected }: ReplayOptions,
): Promise<void> {
  let failures = 0;
  const putAside = (entry: Entry, error: FrostlineApiError): void => {
    failures = 0;
    journal.reject(entry, error.message);
    journal.advance();
    onRejected(entry, error);
  };
  for (let entry = journal.peek(); entry !== null && !signal.aborted; entry = journal.peek()) {
    const sent = await send(withRunId(entry, journal.runIds));
    switch (sent.to) {
      case 'server':
        failures = 0;
        journal.advance(
          entry.kind === 'start' && sent.runId !== null ? { run: entry.run, runId: sent.runId } : undefined,
        );
        break;
      case 'nobody':
        putAside(entry, sent.error);
        break;
      case 'later':
        if (sent.error.code === 'INTERNAL_SERVER_ERROR' && failures >= MAX_FAULTS) {
          putAside(entry, sent.error);
          break;
        }
        await sleep(pauseBefore(failures, backoff, sent.error), undefined, { signal }).catch(() => {});
        failures += 1;
        break;
    }
  }
}

/** A run that began while no server answered has its id only now. */
function withRunId(entry: Entry, runIds: Record<string, string>): Entry {
  if (entry.kind === 'start' || entry.runId !== null) return entry;
  return { ...entry, runId: runIds[entry.run] ?? null };
}
