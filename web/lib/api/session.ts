const PAGE = '/sign-in';

let staying = 0;

/** Goes to the page where one signs in, to come back here afterwards. */
export function askToSignIn(): void {
  if (location.pathname === PAGE || staying > 0) return;
  location.assign(`${PAGE}?next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** Does something during which nobody is asked to sign in, as what it brings would be lost with the page. */
export async function stayOnPage<Result>(work: () => Promise<Result>): Promise<Result> {
  staying += 1;
  try {
    return await work();
  } finally {
    staying -= 1;
  }
}

/** Goes to the page that was asked for before signing in; to one of this server, whatever the address says. */
export function enter(): void {
  const next = new URLSearchParams(location.search).get('next') ?? '/';
  const url = URL.canParse(next, location.origin) ? new URL(next, location.origin) : null;
  location.replace(url?.origin === location.origin ? url.href : '/');
}

/** Whether the server lets this browser in already. */
export async function isSignedIn(): Promise<boolean> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { name } }' }),
  }).catch(() => null);
  return response?.ok ?? false;
}

/** Gives the server a token to keep in a cookie; returns what is wrong with it, or null. */
export async function signIn(token: string): Promise<string | null> {
  const response = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  }).catch(() => null);
  if (response === null) return 'The server cannot be reached.';
  if (response.ok) return null;
  return response.status === 401
    ? 'The server does not know this token, or it was revoked.'
    : `The server answered with HTTP ${response.status}.`;
}

/** Signs out; the next page that is asked for is the one to sign in. */
export async function signOut(): Promise<void> {
  await fetch('/session', { method: 'DELETE' }).catch(() => {});
  location.assign(PAGE);
}
