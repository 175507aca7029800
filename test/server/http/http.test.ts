import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import WebSocket from 'ws';
import { useServer } from '../../support/server.js';

interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** fetch sets Host and Origin as it likes; this does not. */
function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const sent = httpRequest(url, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('the HTTP server', () => {
  const server = useServer({ FROSTLINE_BODY_LIMIT: '20000' });
  const json = { 'content-type': 'application/json' };
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    send(`${server.url}/graphql`, {
      method: 'POST',
      headers: { ...json, ...headers },
      body: JSON.stringify(body),
    });

  it('tells whether it lives and whether it is ready', async () => {
    assert.deepEqual(
      await Promise.all(
        ['/healthz', '/readyz'].map(async (path) => (await send(server.url + path, {})).status),
      ),
      [200, 200],
    );
  });

  it('says plainly that the dashboard is not built', async () => {
    const { status, body } = await send(`${server.url}/runs`, {});
    assert.equal(status, 503);
    assert.match(body, /npm run build/);
  });

  it('answers to loopback names only', async () => {
    for (const host of ['evil.example', 'evil.example:4000', '192.168.0.7']) {
      const { status } = await post({ query: '{ __typename }' }, { host });
      assert.equal(status, 403, host);
    }
    assert.equal((await post({ query: '{ __typename }' }, { host: 'localhost:4000' })).status, 200);
  });

  it('refuses pages of other origins, over HTTP and over WebSocket', async () => {
    assert.equal((await post({ query: '{ __typename }' }, { origin: 'https://evil.example' })).status, 403);
    assert.equal((await post({ query: '{ __typename }' }, { origin: server.url })).status, 200);
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      origin: 'https://evil.example',
    });
    const status = await new Promise((resolve) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.on('error', () => {});
    });
    assert.equal(status, 403);
  });

  it('takes JSON bodies only, of limited size', async () => {
    const body = '{"query":"{ __typename }"}';
    const asText = await send(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body,
    });
    assert.equal(asText.status, 415);
    const asForm = await send(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'query={__typename}',
    });
    assert.equal(asForm.status, 415);
    const broken = await send(`${server.url}/graphql`, { method: 'POST', headers: json, body: '{"query":' });
    assert.deepEqual(
      [broken.status, JSON.parse(broken.body).errors[0].extensions.code],
      [400, 'BAD_REQUEST'],
    );
    assert.equal((await post({ query: `{ __typename } # ${'x'.repeat(30_000)}` })).status, 413);
  });

  it('says what it could not read of a request', async () => {
    const query = { query: '{ __typename }' };
    for (const [answer, message] of [
      [await post(query, { 'content-type': 'application/json; charset=latin1' }), /UTF-8/],
      [await post(query, { 'content-encoding': 'zip' }), /Content-Encoding of gzip/],
      [await post(query, { 'content-encoding': 'gzip' }), /body of JSON/],
      [await send(`${server.url}/datasets/%zz`, {}), /address whose percent signs/],
    ] as const) {
      assert.match(JSON.parse(answer.body).errors[0].message, message);
      assert.ok([400, 415].includes(answer.status), answer.body);
    }
  });

  it('answers one operation a request, not a list of them', async () => {
    const before = await server.database.prisma.freezeConfig.count();
    const create = (name: string) => ({
      query: `mutation ($input: CreateFreezeConfigInput!) { createFreezeConfig(input: $input) { freezeConfig { id } } }`,
      variables: { input: { name, rules: { preset: 'full' } } },
    });
    for (const batch of [[create('only')], [create('first'), create('second')], []]) {
      const { status, body } = await post(batch);
      assert.equal(status, 400);
      assert.equal(JSON.parse(body).errors[0].extensions.code, 'BAD_REQUEST');
    }
    assert.equal(await server.database.prisma.freezeConfig.count(), before);
  });

  it('answers no GraphQL by GET, least of all a mutation', async () => {
    const mutation = encodeURIComponent('mutation { cancelRun(input: { id: "x" }) { run { id } } }');
    const changed = await send(`${server.url}/graphql?query=${mutation}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    assert.deepEqual([changed.status, changed.headers.allow], [405, 'POST']);
    assert.equal((await send(`${server.url}/graphql?query=%7B__typename%7D`, {})).status, 405);
  });

  it('sends who subscribes by HTTP to the WebSocket', async () => {
    for (const query of ['subscription { queueChanged { running } }', 'subscription { runChanged { id } }']) {
      const { status, body } = await post({ query });
      const [error] = JSON.parse(body).errors;
      assert.deepEqual([status, error.extensions.code], [400, 'BAD_REQUEST']);
      assert.match(error.message, /WebSocket/);
    }
  });

  it('refuses selections that are nested too deep, and lets introspection through', async () => {
    const nest = (depth: number): string =>
      depth === 0 ? 'id' : `id experiment { runs { edges { node { ${nest(depth - 1)} } } } }`;
    const deep = await server.query(`{ runs { edges { node { ${nest(4)} } } } }`);
    assert.equal(deep.errors?.[0]?.extensions.code, 'LIMIT_EXCEEDED');
    assert.match(deep.errors[0].message, /at most 16 deep/);
    const through = await server.query(
      `query { runs { edges { node { ...A } } } }
       fragment A on Run { experiment { runs { edges { node { ...B } } } } }
       fragment B on Run { experiment { runs { edges { node { ...C } } } } }
       fragment C on Run { experiment { runs { edges { node { ...D } } } } }
       fragment D on Run { experiment { runs { edges { node { id } } } } }`,
    );
    assert.match(through.errors?.[0]?.message ?? '', /at most 16 deep/);
    const introspection = await server.query(
      '{ __schema { types { fields { type { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { name } } } } } } } } } } } } } } } } }',
    );
    assert.equal(introspection.errors, undefined);
  });

  it('keeps internal details to itself, and logs them under the id that it tells', async () => {
    const { prisma } = server.database;
    const original = prisma.freezeConfig.findFirst.bind(prisma.freezeConfig);
    Object.assign(prisma.freezeConfig, {
      findFirst: () => Promise.reject(new Error('relation "secret_table" at /home/someone/server.ts')),
    });
    try {
      const { errors } = await server.query('{ freezeConfig(name: "x") { id } }');
      const { code, id } = errors![0]!.extensions;
      assert.equal(code, 'INTERNAL_SERVER_ERROR');
      assert.doesNotMatch(JSON.stringify(errors), /secret|home/);
      assert.ok(server.logged.some((line) => line.includes(id!) && line.includes('secret_table')));
    } finally {
      Object.assign(prisma.freezeConfig, { findFirst: original });
    }
  });

  it('sets the headers that keep browsers from guessing and framing', async () => {
    const { headers } = await send(`${server.url}/healthz`, {});
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['x-powered-by'], undefined);
  });
});
