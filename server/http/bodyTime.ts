import type { RequestHandler } from 'express';
import { limits } from '../limits.js';

/** Cuts clients off whose body takes so long to come that they only mean to hold a connection. */
export const limitBodyTime: RequestHandler = (request, response, next) => {
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, limits.bodyMilliseconds);
  response.once('close', () => clearTimeout(timer));
  next();
};
