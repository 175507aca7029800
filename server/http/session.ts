import type { RequestHandler } from 'express';
import { type TokenRegistry } from '../auth/tokenRegistry.js';
import { type Logger } from '../db/logger.js';
import { TOKEN_COOKIE } from './credentials.js';

const MONTH_MS = 30 * 24 * 3_600_000;

/**
 * Signs a browser in: the token of the body goes into a cookie. The cookie holds the token itself, so that revoking the token
 * ends the session as well.
 */
export function signIn(tokens: TokenRegistry, log: Logger): RequestHandler {
  return (request, response) => {
    const { token } = (request.body ?? {}) as { token?: unknown };
    const viewer = typeof token === 'string' ? tokens.authenticate(token.trim()) : null;
    const address = request.socket.remoteAddress;
    if (viewer === null) {
      log.warn('a wrong token was shown to sign in', { address });
      const message = 'token: expected one that the server knows and that was not revoked';
      response.status(401).json({ errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] });
      return;
    }
    log.info('signed in', { name: viewer.name, role: viewer.role, address });
    response.cookie(TOKEN_COOKIE, (token as string).trim(), {
      httpOnly: true,
      sameSite: 'strict',
      // Whatever stands in front of us, browsers tell by which scheme they came.
      secure: request.headers.origin?.startsWith('https:') ?? false,
      maxAge: MONTH_MS,
      path: '/',
      encode: (value) => value.replace(/[^\w-]/g, ''),
    });
    response.json({ viewer: { name: viewer.name, role: viewer.role } });
  };
}

/** Signs a browser out. */
export const signOut: RequestHandler = (_request, response) => {
  response.clearCookie(TOKEN_COOKIE, { path: '/', httpOnly: true, sameSite: 'strict' });
  response.status(204).end();
};
