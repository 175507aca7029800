import { createClient, type ExecutionResult, type Sink } from 'graphql-ws';
import WebSocket from 'ws';

export interface Subscription<Data> {
  /** Everything that has come. */
  readonly received: Data[];
  readonly errors: unknown[];
  /** Resolves with the first payload, from the beginning, that `matches`. */
  until(matches: (data: Data) => boolean): Promise<Data>;
  /** Sends another operation on the same connection; what comes of it is received with the rest. */
  add(query: string): void;
  close(): Promise<void>;
}

/** Subscribes over graphql-ws, as browsers do. */
export function subscribe<Data>(
  url: string,
  query: string,
  variables: Record<string, unknown> = {},
  shown: { token?: string; headers?: Record<string, string> } = {},
): Subscription<Data> {
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string) {
        super(address, protocols, { headers: shown.headers });
      }
    },
    retryAttempts: 0,
    ...(shown.token !== undefined && { connectionParams: { authorization: `Bearer ${shown.token}` } }),
  });
  const received: Data[] = [];
  const errors: unknown[] = [];
  let wake = (): void => {};
  const sink: Sink<ExecutionResult<Data>> = {
    next({ data, errors: failed }) {
      if (data) received.push(data);
      if (failed) errors.push(...failed);
      wake();
    },
    error(error) {
      errors.push(...(Array.isArray(error) ? (error as unknown[]) : [error]));
      wake();
    },
    complete() {
      wake();
    },
  };
  client.subscribe<Data>({ query, variables }, sink);
  return {
    received,
    errors,
    async until(matches) {
      for (;;) {
        const found = received.find(matches);
        if (found !== undefined) return found;
        if (errors.length > 0) throw new Error(`the subscription failed: ${JSON.stringify(errors)}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    add: (another) => void client.subscribe<Data>({ query: another }, sink),
    close: async () => client.dispose(),
  };
}
