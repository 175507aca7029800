import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import { type Config } from '../config.js';
import { DATA_POLICY } from './contentPolicy.js';
import { answersTo, hostnameOf } from './hosts.js';
import { refusalBody } from './inference/refusalBody.js';

/** Why a request is refused by its Host or Origin, or null. No page of another origin is answered at all. */
export function refusal(
  { headers }: Pick<IncomingMessage, 'headers'>,
  config: Pick<Config, 'host' | 'origins'>,
): string | null {
  const host = hostnameOf(headers.host);
  if (host === null) return 'expected a Host header';
  if (!answersTo(host, config)) {
    return `the server does not answer to the name ${host}: FROSTLINE_ORIGINS lists the addresses that people reach it by`;
  }
  const { origin } = headers;
  if (origin === undefined) return null;
  const sameOrigin = URL.canParse(origin) && new URL(origin).host === headers.host;
  return sameOrigin || config.origins.includes(origin)
    ? null
    : 'the server does not answer pages of other origins';
}

/** Refuses by Host and Origin, and sets the headers that every answer has. */
export function guardRequests(config: Pick<Config, 'host' | 'origins'>): RequestHandler {
  return (request, response, next) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('X-Frame-Options', 'DENY');
    response.setHeader('Content-Security-Policy', DATA_POLICY);
    response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
    response.setHeader('Referrer-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    const reason = refusal(request, config);
    if (reason === null) next();
    else response.status(403).json({ errors: [{ message: reason, extensions: { code: 'FORBIDDEN' } }] });
  };
}

/** What forms of any page can send without asking first; without a type it may have been one of these as well. */
const SIMPLE_TYPES = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];

/** Refuses bodies of types that pages of other origins can send without the browser asking us first. */
export const refuseSimpleBodies: RequestHandler = (request, response, next) => {
  const type = request.headers['content-type']?.split(';')[0]!.trim().toLowerCase();
  if (type !== undefined && type !== '' && !SIMPLE_TYPES.includes(type)) next();
  else
    refuseType(
      request,
      response,
      'expected a content type that forms cannot send, such as application/json or text/csv',
    );
};

/** Lets only JSON bodies through. */
export const requireJson: RequestHandler = (request, response, next) => {
  if (request.is('application/json')) next();
  else refuseType(request, response, 'expected a body of type application/json');
};

function refuseType(request: Request, response: Response, message: string): void {
  response.status(415).json(refusalBody(request.path, 'BAD_REQUEST', message));
}
