import type { IncomingMessage } from 'node:http';

/** What the program behind a request calls itself: in `x-client-name`, else by its user agent; empty when it says nothing. */
export function clientName({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const name = headers['x-client-name'] ?? headers['user-agent'] ?? '';
  return typeof name === 'string' ? name : name.join(' ');
}
