import type { RequestHandler } from 'express';

const BODY_MS = 60_000;

/** Cuts clients off whose body takes so long to come that they only mean to hold a connection. */
export const limitBodyTime: RequestHandler = (request, response, next) => {
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, BODY_MS);
  response.once('close', () => clearTimeout(timer));
  next();
};
