import assert from 'node:assert/strict';
import { useServer } from '../../support/server.js';
import { runCli } from '../../support/cli.js';

describe('frostline token', () => {
  const server = useServer();
  const cli = (args: string[], env: Record<string, string> = {}) =>
    runCli(args, {
      env: {
        DATABASE_URL: server.config.databaseUrl!,
        FROSTLINE_URL: server.url,
        FROSTLINE_TOKEN: '',
        ...env,
      },
    });

  it('makes tokens, lists them and revokes them, and the server hears of it', async () => {
    const refused = await cli(['token', 'create', '--name', 'eve', '--role', 'viewer']);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /^frostline: role: expected ADMIN for the first token/);

    const made = await cli(['token', 'create', '--name', 'root', '--role', 'admin', '--expires', '30d']);
    assert.equal(made.status, 0, made.stderr);
    const secret = made.stdout.trim();
    assert.match(secret, /^frostline_[\w-]{43}$/);
    assert.ok(!made.stderr.includes(secret));

    const stranger = await cli(['runs', '--json']);
    assert.equal(stranger.status, 1);
    assert.match(stranger.stderr, /expected a token of role VIEWER or above.*FROSTLINE_TOKEN/);
    assert.equal((await cli(['runs', '--json'], { FROSTLINE_TOKEN: secret })).status, 0);

    const listed = await cli(['token', 'list', '--json']);
    const [token, ...others] = listed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    assert.deepEqual(others, []);
    assert.deepEqual(
      { name: 'root', role: 'ADMIN', revokedAt: null },
      Object.fromEntries(
        ['name', 'role', 'revokedAt'].map((key) => [key, token![key as keyof typeof token]]),
      ),
    );
    assert.ok(!listed.stdout.includes(secret));

    assert.equal((await cli(['token', 'revoke', 'root'])).status, 0);
    assert.equal((await cli(['runs', '--json'], { FROSTLINE_TOKEN: secret })).status, 1);
    assert.match((await cli(['token', 'list'])).stdout, /root +admin .* revoked/);
  });

  it('says what is wrong with what it is given', async () => {
    for (const [args, message] of [
      [['create', '--name', 'x', '--role', 'king'], /--role: expected one of viewer, worker, editor, admin/],
      [['create', '--name', 'x', '--role', 'viewer', '--expires', 'soon'], /--expires: expected a time/],
      [['create', '--name', '<x>', '--role', 'viewer'], /name: expected letters/],
      [['create', '--role', 'viewer'], /--name/],
    ] as const) {
      const { status, stderr } = await cli(['token', ...args]);
      assert.deepEqual([status, message.test(stderr), stderr.split('\n').length], [2, true, 2], stderr);
    }
    const unknown = await cli(['token', 'revoke', 'nobody']);
    assert.deepEqual([unknown.status, unknown.stderr], [1, 'frostline: id: there is no token "nobody"\n']);
  });
});
