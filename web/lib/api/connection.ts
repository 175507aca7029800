import { CloseCode, createClient, type Client } from 'graphql-ws';
import { askToSignIn } from './session';

/** What the live connection does: nothing is asked of it, it is being made, it stands, or it was lost. */
export type ConnectionState = 'idle' | 'connecting' | 'live' | 'lost';

let state: ConnectionState = 'idle';
let reconnections = 0;
let wasLost = false;
const listeners = new Set<() => void>();

function enter(next: ConnectionState): void {
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
}

/** Calls back at every change of the connection; returns the way to stop. */
export function watchConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const connectionState = (): ConnectionState => state;

/** How often the connection came back after a loss; what was read before may have missed changes since. */
export const reconnectionCount = (): number => reconnections;

let client: Client | null = null;

/** The WebSocket that carries subscriptions: opened with the first one, closed after the last, and never given up. */
export function liveClient(): Client {
  client ??= createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    lazyCloseTimeout: 2000,
    retryAttempts: Number.MAX_SAFE_INTEGER,
    shouldRetry: () => true,
    retryWait: (retries) =>
      new Promise((resume) =>
        setTimeout(resume, Math.min(500 * 2 ** retries, 10_000) * (0.8 + Math.random() * 0.4)),
      ),
    keepAlive: 15_000,
    on: {
      connecting: () => enter(wasLost ? 'lost' : 'connecting'),
      connected: () => {
        if (wasLost) reconnections += 1;
        wasLost = false;
        enter('live');
      },
      closed: (event) => {
        const code = (event as CloseEvent | undefined)?.code;
        wasLost = code !== 1000;
        enter(wasLost ? 'lost' : 'idle');
        if (code === (CloseCode.Unauthorized as number)) askToSignIn();
      },
    },
  });
  return client;
}
