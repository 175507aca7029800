import assert from 'node:assert/strict';
import { createToken } from '../../../server/auth/createToken.js';
import { useServer } from '../../support/server.js';

describe('a session of a browser', () => {
  const server = useServer();
  let admin = '';
  let viewer = '';
  before(async () => {
    admin = (await createToken(server.database, { name: 'admin', role: 'ADMIN' })).secret;
    viewer = (await createToken(server.database, { name: 'viewer', role: 'VIEWER' })).secret;
    await server.services.tokens.refresh();
  });

  const signIn = (token: unknown, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ token }),
    });
  const whoAmI = async (headers: Record<string, string>) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"query":"{ viewer { name } }"}',
    });
    const answer = (await response.json()) as { data?: { viewer: { name: string } } };
    return answer.data?.viewer.name ?? response.status;
  };

  it('begins with a token, which goes into a cookie that neither scripts nor other sites can use', async () => {
    const response = await signIn(` ${viewer}\n`);
    assert.deepEqual(await response.json(), { viewer: { name: 'viewer', role: 'VIEWER' } });
    const cookie = response.headers.get('set-cookie')!;
    const [pair, ...attributes] = cookie.split('; ');
    assert.equal(pair, `frostline_token=${viewer}`);
    assert.ok(
      ['HttpOnly', 'SameSite=Strict', 'Path=/'].every((name) => attributes.includes(name)),
      cookie,
    );
    assert.ok(!attributes.includes('Secure'), 'over plain HTTP on loopback it would not be sent');
    assert.equal(await whoAmI({ cookie: pair }), 'viewer');
  });

  it('has a cookie for HTTPS only, where the page came by HTTPS', async () => {
    const response = await signIn(viewer, { origin: server.url.replace('http:', 'https:') });
    assert.match(response.headers.get('set-cookie')!, /; Secure/);
  });

  it('does not begin with anything else', async () => {
    for (const token of ['', 'frostline_', `${viewer}x`, null, 7, { token: viewer }, [viewer]]) {
      const response = await signIn(token);
      assert.deepEqual([response.status, response.headers.get('set-cookie')], [401, null]);
    }
    assert.equal((await signIn(viewer, { origin: 'https://evil.example' })).status, 403);
    assert.equal((await signIn(viewer, { 'content-type': 'text/plain' })).status, 415);
  });

  it('gives way to a token in the header, even to a wrong one', async () => {
    const cookie = `frostline_token=${viewer}`;
    assert.equal(await whoAmI({ cookie, authorization: `Bearer ${admin}` }), 'admin');
    assert.equal(await whoAmI({ cookie, authorization: 'Bearer nonsense' }), 401);
    assert.equal(await whoAmI({ cookie, authorization: 'Basic dTpw' }), 401);
  });

  it('ends when one signs out', async () => {
    const response = await fetch(`${server.url}/session`, { method: 'DELETE' });
    assert.equal(response.status, 204);
    assert.match(response.headers.get('set-cookie')!, /^frostline_token=; Path=\/; Expires=Thu, 01 Jan 1970/);
  });

  it('is asked for by sending people, and no programs, to the page to sign in at', async () => {
    const get = (path: string, accept: string) =>
      fetch(server.url + path, { redirect: 'manual', headers: { accept } });
    const page = await get('/compare?runs=a,b', 'text/html,*/*');
    assert.equal(page.status, 303);
    assert.equal(page.headers.get('location'), '/sign-in?next=%2Fcompare%3Fruns%3Da%2Cb');
    const data = await get('/compare?runs=a,b', '*/*');
    assert.deepEqual([data.status, data.headers.get('www-authenticate')], [401, 'Bearer realm="frostline"']);
    assert.notEqual((await get('/sign-in', 'text/html')).status, 303);
  });
});
