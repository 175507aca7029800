import assert from 'node:assert/strict';
import { createToken } from '../../../server/auth/createToken.js';
import { revokeToken } from '../../../server/auth/revokeToken.js';
import { TokenRegistry } from '../../../server/auth/tokenRegistry.js';
import { silentLogger } from '../../../server/db/logger.js';
import { startHttpServer } from '../../../server/http/httpServer.js';
import { openServices } from '../../../server/http/services.js';
import { useServer } from '../../support/server.js';
import { subscribe } from '../../support/subscribe.js';
import { until } from '../../support/until.js';

const CREATE = `mutation ($input: CreateTokenInput!) {
  createToken(input: $input) { secret token { id name role expiresAt revokedAt lastUsedAt } }
}`;
const REVOKE =
  'mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { token { id revokedAt } } }';
const VIEWER = '{ viewer { name role tokenId } }';

interface Made {
  createToken: { secret: string; token: { id: string; name: string; role: string } };
}

describe('tokens', () => {
  const server = useServer();
  let admin = '';

  const make = async (input: object): Promise<Made['createToken']> => {
    const { data, errors } = await server.query<Made>(CREATE, { input }, admin);
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data.createToken;
  };
  const viewer = async (token: string | null) => {
    const { data, errors } = await server.query<{ viewer: object }>(VIEWER, {}, token);
    return data?.viewer ?? errors?.[0]?.extensions.code;
  };

  it('are not asked for on loopback as long as there are none', async () => {
    assert.deepEqual(await viewer(null), { name: 'local', role: 'ADMIN', tokenId: null });
    const { errors } = await server.query(CREATE, { input: { name: 'first', role: 'EDITOR' } });
    assert.deepEqual(
      [errors?.[0]?.extensions.code, errors?.[0]?.extensions.path],
      ['CONFLICT', 'role'],
      'the first one is an admin, or nobody could make a second',
    );
  });

  it('are asked for from the first one on', async () => {
    const { secret, token } = await make({ name: 'first', role: 'ADMIN' });
    admin = secret;
    assert.equal(await viewer(null), 'UNAUTHENTICATED');
    assert.equal(await viewer(`${secret}x`), 'UNAUTHENTICATED');
    assert.deepEqual(await viewer(secret), { name: 'first', role: 'ADMIN', tokenId: token.id });
  });

  it('have 256 random bits, are told once, and are stored as a digest only', async () => {
    const { secret, token } = await make({ name: 'ci', role: 'WORKER' });
    assert.match(secret, /^frostline_[\w-]{43}$/);
    assert.notEqual(secret, (await make({ name: 'ci', role: 'WORKER' })).secret);
    const { data } = await server.query('{ tokens { edges { node { id name role } } } }', {}, admin);
    assert.ok(JSON.stringify(data).includes(token.id));
    assert.ok(!JSON.stringify(data).includes(secret));
    const { rows } = await server.database.pool.query<{ row: string }>('SELECT token::text row FROM token');
    const bits = Buffer.from(secret.slice('frostline_'.length), 'base64url');
    assert.equal(bits.length, 32);
    for (const { row } of rows)
      assert.ok(!row.includes(secret) && !row.includes(bits.toString('hex')), 'the secret is in the table');
  });

  it('are void once revoked, and so are connections that were opened with them', async () => {
    const { secret, token } = await make({ name: 'leaked', role: 'VIEWER' });
    const { notifications } = server.services;
    const before = notifications.listenerCount();
    const subscription = subscribe<{ runChanged: object }>(
      server.url,
      'subscription { runChanged { id } }',
      {},
      { token: secret },
    );
    await until(() => notifications.listenerCount() > before);
    const { data } = await server.query<{ revokeToken: { token: { revokedAt: string } } }>(
      REVOKE,
      { input: { id: token.id } },
      admin,
    );
    assert.ok(data.revokeToken.token.revokedAt);
    assert.equal(await viewer(secret), 'UNAUTHENTICATED');
    await until(() => subscription.errors.length > 0);
    assert.equal((subscription.errors[0] as { code: number }).code, 4401);
    const again = await server.query<typeof data>(REVOKE, { input: { id: token.id } }, admin);
    assert.equal(again.data.revokeToken.token.revokedAt, data.revokeToken.token.revokedAt);
    for (const id of ['nothing', '00000000-0000-4000-8000-000000000000']) {
      const { errors } = await server.query(REVOKE, { input: { id } }, admin);
      assert.equal(errors?.[0]?.extensions.code, 'NOT_FOUND');
    }
  });

  it('expire', async () => {
    const { secret } = await make({
      name: 'short',
      role: 'VIEWER',
      expiresAt: new Date(Date.now() + 3_600_000),
    });
    assert.deepEqual(Object.keys((await viewer(secret)) as object), ['name', 'role', 'tokenId']);
    await server.database.pool.query(
      "UPDATE token SET expires_at = now() - interval '1 s' WHERE name = 'short'",
    );
    await server.services.tokens.refresh();
    assert.equal(await viewer(secret), 'UNAUTHENTICATED');
    const past = { name: 'past', role: 'VIEWER', expiresAt: '2020-01-01T00:00:00Z' };
    const { errors } = await server.query(CREATE, { input: past }, admin);
    assert.equal(errors?.[0]?.extensions.path, 'expiresAt');
  });

  it('note to the hour when they were last used', async () => {
    const { secret, token } = await make({ name: 'used', role: 'VIEWER' });
    await viewer(secret);
    await until(async () => {
      const found = await server.database.prisma.token.findUnique({ where: { id: token.id } });
      return found!.lastUsedAt !== null;
    });
  });

  it('open sockets with connection parameters, a header or a cookie, and nothing else does', async () => {
    const denied = subscribe(server.url, 'subscription { runChanged { id } }');
    await until(() => denied.errors.length > 0);
    assert.equal((denied.errors[0] as { code: number }).code, 4401);
    const cookie = `other=1; frostline_token=${admin}`;
    const authorization = `Bearer ${admin}`;
    const ways: Parameters<typeof subscribe>[3][] = [
      { token: admin },
      { headers: { authorization } },
      { headers: { cookie } },
    ];
    for (const given of ways) {
      const answer = subscribe<{ viewer: { name: string } }>(server.url, VIEWER, {}, given);
      assert.equal((await answer.until(() => true)).viewer.name, 'first');
      await answer.close();
    }
  });

  it('are known without a query, however often they are shown', async () => {
    const { pool } = server.database;
    const original = pool.query.bind(pool);
    let queries = 0;
    Object.assign(pool, {
      query: (...args: Parameters<typeof original>) => {
        queries += 1;
        return original(...args) as unknown;
      },
    });
    try {
      for (let call = 0; call < 1000; call += 1) {
        assert.ok(server.services.tokens.authenticate(admin));
        assert.equal(server.services.tokens.authenticate(`frostline_${call}`), null);
      }
      // The first may have noted its use.
      assert.ok(queries <= 1, `${queries} queries`);
    } finally {
      Object.assign(pool, { query: original });
    }
  });

  it('that another process makes or revokes are known at once, and a last one revoked opens nothing', async () => {
    const other = await TokenRegistry.open(server.database.pool, server.services.notifications, {
      log: silentLogger,
      openToLocals: true,
    });
    try {
      const { secret, token } = await createToken(server.database, { name: 'elsewhere', role: 'EDITOR' });
      await until(() => other.authenticate(secret) !== null);
      await revokeToken(server.database, token.id);
      await until(() => other.authenticate(secret) === null);
      const inForce = await server.database.prisma.token.findMany({ where: { revokedAt: null } });
      for (const { id } of inForce) await revokeToken(server.database, id);
      await other.refresh();
      assert.equal(other.authenticate(admin), null);
      assert.equal(other.authenticate(null), null, 'a server that had tokens stays closed');
      assert.equal(other.hasAdmin(), false);
    } finally {
      other.close();
    }
  });

  it('have to be there, one of an admin, before a server listens where others can reach it', async () => {
    const { config, database } = server;
    for (const change of [{ host: '0.0.0.0' }, { origins: ['https://frostline.example'] }]) {
      const exposed = { ...config, ...change };
      const services = await openServices(database.url, exposed, silentLogger);
      try {
        await assert.rejects(startHttpServer(exposed, services, silentLogger), {
          code: 'UNAUTHENTICATED',
          message: /frostline token create --role admin/,
        });
        await database.prisma.token.deleteMany();
        await services.tokens.refresh();
        assert.equal(services.tokens.authenticate(null), null, 'nobody is local to a public server');
        await assert.rejects(startHttpServer(exposed, services, silentLogger), /frostline token create/);
        const { token } = await createToken(database, { name: 'root', role: 'ADMIN' });
        await services.tokens.refresh();
        await (await startHttpServer(exposed, services, silentLogger)).close();
        await revokeToken(database, token.id);
      } finally {
        await services.close();
      }
    }
  });
});
