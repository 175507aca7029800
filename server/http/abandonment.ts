import type { ServerResponse } from 'node:http';

/** Fires when the client goes away before it has its answer. */
export function abandonment(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
