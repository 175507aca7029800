import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { RequestHandler } from 'express';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a host to bind to is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function hostname(host: string | undefined): string | null {
  if (host === undefined) return null;
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return null;
  }
}

/**
 * Why a request is refused, or null. On a loopback bind only loopback names are answered, so that a page elsewhere cannot reach
 * the server through a name of its own that resolves to 127.0.0.1; and no page of another origin is answered at all.
 */
export function refusal(request: IncomingMessage, boundTo: string): string | null {
  const host = hostname(request.headers.host);
  if (host === null) return 'expected a Host header';
  if (isLoopback(boundTo) && !LOOPBACK.has(host) && host !== boundTo)
    return `the server does not answer to the name ${host}`;
  const { origin } = request.headers;
  if (origin === undefined) return null;
  const sameOrigin = URL.canParse(origin) && new URL(origin).host === request.headers.host;
  return sameOrigin ? null : 'the server does not answer pages of other origins';
}

/** Refuses by Host and Origin, and sets the headers that every answer has. */
export function guardRequests(boundTo: string): RequestHandler {
  return (request, response, next) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('X-Frame-Options', 'DENY');
    response.setHeader('Referrer-Policy', 'same-origin');
    const reason = refusal(request, boundTo);
    if (reason === null) next();
    else response.status(403).json({ errors: [{ message: reason, extensions: { code: 'FORBIDDEN' } }] });
  };
}

/** Lets only JSON bodies through: other types can be sent by forms of any page. */
export const requireJson: RequestHandler = (request, response, next) => {
  if (request.method !== 'POST' || request.is('application/json')) next();
  else {
    const message = 'expected a body of type application/json';
    response.status(415).json({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  }
};
