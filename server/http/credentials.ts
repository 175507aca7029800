import type { IncomingMessage } from 'node:http';

/** The cookie that browsers hold a token in; scripts cannot read it, and pages of other sites cannot make them send it. */
export const TOKEN_COOKIE = 'frostline_token';

const BEARER = /^Bearer +(\S+)$/i;

/** The secret in an Authorization header's value; null when there is none. */
export function bearerSecret(authorization: unknown): string | null {
  return typeof authorization === 'string' ? (BEARER.exec(authorization)?.[1] ?? null) : null;
}

/** The secret that a request shows: in its Authorization header, else in its cookie. */
export function secretOf({ headers }: Pick<IncomingMessage, 'headers'>): string | null {
  if (headers.authorization !== undefined) return bearerSecret(headers.authorization);
  for (const pair of headers.cookie?.split(';') ?? []) {
    const [name, value] = pair.split('=', 2);
    if (name!.trim() === TOKEN_COOKIE && value !== undefined) return value.trim();
  }
  return null;
}
