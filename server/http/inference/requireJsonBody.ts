import type { RequestHandler } from 'express';
import { badInput } from '../../../experiments/errors.js';

/** Lets only JSON bodies through: other types can be sent by forms of any page. */
export const requireJsonBody: RequestHandler = (request, _response, next) => {
  if (request.is('application/json')) next();
  else next(badInput('expected a body of type application/json'));
};
