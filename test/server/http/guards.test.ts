import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { hostname } from 'node:os';
import WebSocket from 'ws';
import { type Config, readConfig } from '../../../server/config.js';
import { refusal } from '../../../server/http/guards.js';
import { isPublic } from '../../../server/http/hosts.js';
import { useServer } from '../../support/server.js';

const local: Pick<Config, 'host' | 'origins'> = { host: '127.0.0.1', origins: [] };
const open = { host: '0.0.0.0', origins: [] };
const proxied = { host: '127.0.0.1', origins: ['https://frostline.example'] };

describe('hosts and origins', () => {
  const answers = (config: typeof local, host?: string, origin?: string): boolean =>
    refusal({ headers: { host, origin } }, config) === null;

  it('of loopback are the only ones that a server on loopback answers to', () => {
    for (const host of ['localhost', 'localhost:4000', 'LOCALHOST:1', '127.0.0.1:4000', '[::1]:4000'])
      assert.ok(answers(local, host), host);
    for (const host of [
      undefined,
      '',
      'evil.example',
      'localhost.evil.example',
      'evil.example:4000',
      '192.168.0.7',
      '127.0.0.1.nip.io',
      'localhost@evil.example',
      'evil.example#localhost',
      hostname() === 'localhost' ? 'other' : hostname(),
    ])
      assert.ok(!answers(local, host), host);
  });

  it('are addresses, its own name and those it is told of, for a server that others reach', () => {
    for (const host of ['192.168.0.7:4000', '[fd00::7]:4000', hostname(), 'localhost:4000'])
      assert.ok(answers(open, host), host);
    // A page elsewhere can make a name resolve to this machine, not an address.
    for (const host of ['evil.example', 'rebind.192.168.0.7.nip.io']) assert.ok(!answers(open, host), host);
    assert.ok(answers(proxied, 'frostline.example'));
    assert.ok(!answers(proxied, 'other.example'));
  });

  it('have to agree: pages of other origins are refused, whatever cookies their requests carry', () => {
    assert.ok(answers(local, 'localhost:4000', 'http://localhost:4000'));
    for (const origin of [
      'http://localhost:4001',
      'https://evil.example',
      'null',
      'file://',
      '',
      'localhost:4000',
    ])
      assert.ok(!answers(local, 'localhost:4000', origin), origin);
    // The proxy may pass its own name for the host, or the address it found us by.
    assert.ok(answers(proxied, 'frostline.example', 'https://frostline.example'));
    assert.ok(answers(proxied, '127.0.0.1:4000', 'https://frostline.example'));
    assert.ok(!answers(proxied, '127.0.0.1:4000', 'http://frostline.example'));
  });

  it('come from FROSTLINE_ORIGINS, which says what it expects', () => {
    const { origins, host } = readConfig({ FROSTLINE_ORIGINS: 'https://a.example, http://b.example:8080/' });
    assert.deepEqual(origins, ['https://a.example', 'http://b.example:8080']);
    assert.ok(isPublic({ host, origins }));
    assert.ok(!isPublic({ host, origins: ['http://localhost:8080'] }));
    for (const text of ['a.example', '*', 'https://a.example/path', 'ftp://a.example'])
      assert.throws(
        () => readConfig({ FROSTLINE_ORIGINS: text }),
        /FROSTLINE_ORIGINS: expected origins such as/,
      );
  });
});

describe('a page of another site', () => {
  const server = useServer();
  const count = () => server.database.prisma.freezeConfig.count();
  const mutation = JSON.stringify({
    query: `mutation { createFreezeConfig(input: { name: "forged", rules: { preset: "full" } }) { freezeConfig { id } } }`,
  });
  const send = (path: string, method: string, headers: Record<string, string>, body?: string) =>
    new Promise<number>((resolve, reject) => {
      const sent = httpRequest(`${server.url}${path}`, { method, headers }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode!));
      });
      sent.on('error', reject);
      sent.end(body);
    });

  it('changes nothing by a form, a link, an image or a fetch', async () => {
    const elsewhere = { origin: 'https://evil.example' };
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'];
    for (const type of [...types, 'text/plain; application/json', '']) {
      // Browsers that send no Origin with such requests are old, and there.
      const status = await send('/graphql', 'POST', { ...(type && { 'content-type': type }) }, mutation);
      assert.equal(status, 415, type);
    }
    const json = { 'content-type': 'application/json' };
    assert.equal(await send('/graphql', 'POST', { ...json, ...elsewhere }, mutation), 403);
    assert.equal(await send('/graphql', 'POST', { ...json, origin: 'null' }, mutation), 403);
    const query = encodeURIComponent((JSON.parse(mutation) as { query: string }).query);
    assert.equal(await send(`/graphql?query=${query}`, 'GET', {}), 405);
    assert.equal(await send('/graphql', 'OPTIONS', elsewhere), 403, 'no preflight is answered');
    const sized = { ...json, 'content-length': String(mutation.length) };
    for (const method of ['PUT', 'PATCH', 'DELETE', 'TRACE'])
      assert.ok((await send('/graphql', method, sized, mutation)) >= 400, method);
    assert.equal(await count(), 0);
  });

  it('reads nothing through a name of its own that leads here, over HTTP or WebSocket', async () => {
    const host = 'evil.example:4000';
    for (const path of ['/', '/graphql', '/metrics', '/healthz', '/theme.js'])
      assert.equal(await send(path, 'GET', { host }), 403, path);
    const origin = `http://${host}`;
    const json = { 'content-type': 'application/json', host, origin };
    assert.equal(await send('/graphql', 'POST', json, mutation), 403);
    for (const headers of [{ host, origin }, { host }, { origin }]) {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        headers,
      });
      const status = await new Promise((resolve) => {
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
        socket.on('error', () => {});
        socket.on('open', () => resolve('open'));
      });
      assert.equal(status, 403);
    }
    assert.equal(await count(), 0);
  });
});
