import assert from 'node:assert/strict';
import { parseLogLine } from '../../../server/db/logger.js';
import { useServer } from '../../support/server.js';
import { subscribe } from '../../support/subscribe.js';
import { until } from '../../support/until.js';

describe('the log of a server', () => {
  const server = useServer();

  it('says who made, showed and revoked tokens, and has no token in it, whatever goes wrong with one', async () => {
    const create =
      'mutation ($input: CreateTokenInput!) { createToken(input: $input) { secret token { id } } }';
    interface Made {
      createToken: { secret: string; token: { id: string } };
    }
    const first = await server.query<Made>(create, { input: { name: 'root', role: 'ADMIN' } });
    const { secret } = first.data.createToken;
    const second = await server.query<Made>(create, { input: { name: 'reader', role: 'VIEWER' } }, secret);
    const secrets = [secret, second.data.createToken.secret];

    const signIn = (token: string) =>
      fetch(`${server.url}/session?token=${token}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-token': token },
        body: JSON.stringify({ token, note: token }),
      });
    assert.equal((await signIn(secret)).status, 200);
    const wrong = secret.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    secrets.push(wrong);
    assert.equal((await signIn(wrong)).status, 401);

    // In a path, a document, variables and a broken body.
    await fetch(`${server.url}/runs/${secret}`, { headers: { authorization: `Bearer ${secret}` } });
    await server.query(`{ run(id: "${secret}") { id } ${secret} }`, {}, secret);
    await server.query('query ($id: ID!) { run(id: $id) { id } }', { id: secret, [secret]: 1 }, secret);
    await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: `{"query": "${secret}`,
    });
    // In an error that nobody foresaw.
    const { prisma } = server.database;
    const original = prisma.freezeConfig.findFirst.bind(prisma.freezeConfig);
    Object.assign(prisma.freezeConfig, {
      findFirst: () => Promise.reject(new Error(`no such thing as ${secret}`)),
    });
    await server.query('{ freezeConfig(name: "x") { id } }', {}, secret);
    Object.assign(prisma.freezeConfig, { findFirst: original });
    // On a socket.
    const socket = subscribe(server.url, `{ ${secret} }`, { secret }, { token: secret });
    await until(() => socket.errors.length > 0);
    await socket.close();
    const { id } = second.data.createToken.token;
    await server.query(
      'mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { token { id } } }',
      { input: { id } },
      secret,
    );

    const text = server.logged.join('\n');
    for (const each of secrets) assert.ok(!text.includes(each), 'a token is in the log');
    const events = server.logged.map((line) => parseLogLine(line)!);
    const told = events.map(({ level, message, name, by }) => [level, message, name, by]);
    assert.deepEqual(told, [
      ['info', 'a token was made', 'root', 'local'],
      ['info', 'a token was made', 'reader', 'root'],
      ['info', 'signed in', 'root', undefined],
      ['warn', 'a wrong token was shown to sign in', undefined, undefined],
      ['error', 'internal error', undefined, undefined],
      ['info', 'a token was revoked', 'reader', 'root'],
    ]);
    assert.match(String(events[4]!.stack), /no such thing as frostline_\*\*\*/);
  });
});
