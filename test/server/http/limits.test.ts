import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import pg from 'pg';
import WebSocket from 'ws';
import { limits } from '../../../server/limits.js';
import { useServer } from '../../support/server.js';
import { type Subscription, subscribe } from '../../support/subscribe.js';
import { until } from '../../support/until.js';

interface ClientError {
  message: string;
  extensions: { code: string };
}

describe('limits', () => {
  const server = useServer({ FROSTLINE_STATEMENT_SECONDS: '1', FROSTLINE_BODY_LIMIT: '1000000' });

  /** The error of an operation over HTTP; over a WebSocket it has to be the same. */
  async function errorOf(query: string, variables: Record<string, unknown> = {}): Promise<ClientError> {
    const { status, errors } = await server.query(query, variables);
    assert.ok(status < 500, `status ${status}`);
    const subscription = subscribe(server.url, query, variables);
    await until(() => subscription.errors.length > 0 || subscription.received.length > 0);
    await subscription.close();
    const [overSocket] = subscription.errors as ClientError[];
    assert.deepEqual(
      [overSocket?.message, overSocket?.extensions.code],
      [errors?.[0]?.message, errors?.[0]?.extensions.code],
    );
    return errors![0]!;
  }
  async function assertExceeds(query: string, message: RegExp, variables: object = {}): Promise<void> {
    const error = await errorOf(query, variables as Record<string, unknown>);
    assert.match(error.message, message);
    assert.equal(error.extensions.code, 'LIMIT_EXCEEDED', error.message);
  }
  async function assertAnswers(query: string, variables: object = {}): Promise<void> {
    const { errors } = await server.query(query, variables);
    assert.equal(errors, undefined, JSON.stringify(errors));
  }
  const repeat = (count: number, text: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => text(index)).join(' ');

  it('are what the documentation says', () => {
    const page = readFileSync(new URL('../../../docs/security.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` +\| ([\d,]+) +\|/gm)].map(([, name, value]) => [
      name,
      Number(value!.replaceAll(',', '')),
    ]);
    assert.deepEqual(Object.fromEntries(rows), limits);
  });

  it('hold for the tokens of a document', async () => {
    const list = (count: number) => `{ state: [${'QUEUED '.repeat(count / 5)}] }`;
    const query = (count: number) =>
      `{ runs(where: { or: [${repeat(5, () => list(count))}] }) { totalCount } }`;
    await assertAnswers(query(limits.documentTokens - 100));
    const error = await errorOf(query(limits.documentTokens));
    assert.match(error.message, /more that 5000 tokens/);
    assert.equal(error.extensions.code, 'GRAPHQL_PARSE_FAILED');
    const nested = await errorOf(
      `{ runs(where: { state: ${'['.repeat(2_400)}${']'.repeat(2_400)} }) { totalCount } }`,
    );
    assert.doesNotMatch(nested.message, /call stack/);
  });

  it('hold for fields at the root, written out or in fragments', async () => {
    const over = limits.rootFields + 1;
    await assertAnswers(`{ ${repeat(limits.rootFields, (index) => `a${index}: viewer { name }`)} }`);
    await assertExceeds(
      `{ ${repeat(over, (index) => `a${index}: viewer { name }`)} }`,
      /at most 20 fields at the root, got 21/,
    );
    await assertExceeds(
      `{ ...A ...A ...A } fragment A on Query { ${repeat(7, () => 'viewer { name }')} }`,
      /at most 20 fields at the root, got 21/,
    );
    await assertExceeds(`{ ${repeat(over, (index) => `a${index}: __typename`)} }`, /fields at the root/);
  });

  it('hold for aliases, as often as fragments repeat them', async () => {
    const aliases = (count: number) => repeat(count, (index) => `a${index}: name`);
    await assertAnswers(`{ viewer { ${aliases(limits.aliases)} } }`);
    await assertExceeds(`{ viewer { ${aliases(limits.aliases + 1)} } }`, /at most 50 aliases, got 51/);
    await assertExceeds(
      `{ runs { edges { node { ...A } } } experiments { edges { node { runs { edges { node { ...A } } } } } } }
       fragment A on Run { ${aliases(26)} }`,
      /at most 50 aliases, got 52/,
    );
  });

  it('hold for depth, and fragments that spread each other many times over are measured at once', async () => {
    const chain = (length: number) =>
      repeat(length, (index) => `fragment F${index} on Run { ...F${index + 1} ...F${index + 1} }`);
    const bomb = `{ runs { edges { node { ...F0 } } } } ${chain(60)} fragment F60 on Run { experiment { runs { totalCount } } }`;
    const started = performance.now();
    const { errors } = await server.query(bomb);
    // By writing them out it would take 2^60 steps; how fast it is does not matter.
    assert.ok(performance.now() - started < 60_000);
    assert.ok(errors === undefined || errors[0]!.extensions.code === 'LIMIT_EXCEEDED');
  });

  it('hold for the cost of an answer: page sizes multiply, from variables and defaults as well', async () => {
    const nested =
      '{ runs(first: 500) { edges { node { experiment { runs(first: 500) { edges { node { id name state } } } } } } } }';
    await assertExceeds(
      nested,
      /at most 1000000 fields, this one may come to 1\.\d+e\+6: ask for smaller pages/,
    );
    await assertAnswers(nested.replaceAll('500', '50'));
    const variable = nested.replace('{ runs', 'query ($n: Int) { runs').replaceAll('500', '$n');
    await assertExceeds(variable, /fields/, { n: 500 });
    await assertAnswers(variable, { n: 50 });
    await assertExceeds(variable.replace('$n: Int', '$n: Int = 500'), /fields/);
    const history = `query ($ids: [ID!]!, $names: [String!]!, $points: Int) {
      metricHistory(runIds: $ids, names: $names, maxPoints: $points) { buckets { step last min max count } }
    }`;
    const ids = (count: number) => Array.from({ length: count }, () => 'x');
    await assertExceeds(history, /fields/, { ids: ids(100), names: ids(20), points: 1_000 });
    const { errors } = await server.query(history, { ids: ids(50), names: ids(1), points: 1_000 });
    assert.equal(errors?.[0]?.extensions.code, 'NOT_FOUND', 'fifty runs overlaid are within it');
    const definitions = repeat(50, (index) => `a${index}: definition`);
    await assertExceeds(`{ runs(first: 500) { edges { node { ${definitions} } } } }`, /fields/);
  });

  it('hold for pages and names', async () => {
    const page = await errorOf('{ runs(first: 501) { totalCount } }');
    assert.deepEqual(
      [page.message, page.extensions.code],
      ['first: expected a number from 1 to 500, got 501', 'BAD_USER_INPUT'],
    );
    const named = await errorOf(
      'mutation ($input: CreateFreezeConfigInput!) { createFreezeConfig(input: $input) { freezeConfig { id } } }',
      { input: { name: 'x'.repeat(limits.nameLength + 1), rules: { preset: 'full' } } },
    );
    assert.match(named.message, /^name: expected at most 200 characters, got 201/);
  });

  it('hold for bodies', async () => {
    const { status, errors } = await server.query(`{ viewer { name } } # ${'x'.repeat(1_000_000)}`);
    assert.deepEqual(
      [status, errors?.[0]?.extensions.code, errors?.[0]?.message],
      [413, 'LIMIT_EXCEEDED', 'expected a body of at most 1000000 bytes'],
    );
  });

  it('hold for statements of the database, through SQL and through Prisma', async () => {
    const client = new pg.Client({ connectionString: server.config.databaseUrl! });
    await client.connect();
    try {
      await client.query('BEGIN; LOCK TABLE run, freeze_config IN ACCESS EXCLUSIVE MODE');
      for (const query of ['{ freezeConfig(name: "x") { id } }', '{ runs { totalCount } }']) {
        const { errors } = await server.query(query);
        assert.deepEqual(
          [errors?.[0]?.extensions.code, errors?.[0]?.message],
          ['LIMIT_EXCEEDED', 'the database took too long for this: ask for less at once'],
        );
      }
    } finally {
      await client.end();
    }
  });

  it('hold for operations on one connection, and for connections', async () => {
    const usual = { ...limits };
    const opened: Subscription<unknown>[] = [];
    Object.assign(limits, { sockets: 2, subscriptionsPerSocket: 3 });
    try {
      const { notifications } = server.services;
      const before = notifications.listenerCount();
      const first = subscribe(server.url, 'subscription { runChanged { id } }');
      opened.push(first);
      for (let count = 0; count < 2; count += 1) first.add('subscription { runChanged { id } }');
      await until(() => notifications.listenerCount() === before + 3);
      first.add('{ viewer { name } }');
      await until(() => first.errors.length > 0);
      const [error] = first.errors as ClientError[];
      assert.deepEqual(
        [error?.message, error?.extensions.code],
        ['expected at most 3 operations under way on a connection', 'LIMIT_EXCEEDED'],
      );
      const second = subscribe(server.url, '{ viewer { name } }');
      opened.push(second);
      await second.until(() => true);
      const third = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      const status = await new Promise((resolve) => {
        third.on('unexpected-response', (_request, response) => resolve(response.statusCode));
        third.on('error', () => {});
      });
      assert.equal(status, 503);
    } finally {
      Object.assign(limits, usual);
      for (const each of opened) await each.close();
    }
  });

  it('hold for messages on a connection', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const code = await new Promise((resolve) => {
      socket.on('open', () => socket.send(`{"type":"ping","x":"${'x'.repeat(limits.socketMessageBytes)}"}`));
      socket.on('close', resolve);
      socket.on('error', () => {});
    });
    assert.equal(code, 1009);
    assert.ok(server.logged.some((line) => line.includes('closed a WebSocket: Max payload size exceeded')));
  });
});

describe('limits of time', () => {
  const usual = { ...limits };
  before(() => void Object.assign(limits, { headMilliseconds: 200, bodyMilliseconds: 200 }));
  const server = useServer();
  after(() => void Object.assign(limits, usual));

  /** What a client is told that sends the beginning of a request and then one character after the other, until it is cut off. */
  async function answerTo(beginning: string): Promise<string> {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (data: Buffer) => (answer += data.toString()));
    socket.on('error', () => {});
    const drip = setInterval(() => beginning !== '' && socket.write('x'), 20);
    socket.write(beginning);
    await once(socket, 'close');
    clearInterval(drip);
    return answer;
  }

  it('hold for the head of a request, and for connections that ask for nothing', async () => {
    for (const beginning of ['', 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: '])
      assert.match(await answerTo(beginning), /^HTTP\/1.1 408 /);
  });

  it('hold for bodies', async () => {
    const head = 'Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n';
    assert.equal(await answerTo(`POST /graphql HTTP/1.1\r\n${head}`), '');
  });
});
