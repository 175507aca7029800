import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Counts, RegisterModel, Runs } from '../../../client/index.js';
import { connect } from '../../../server/cli/client/client.js';
import { useServer } from '../../support/server.js';

describe('how commands talk to a server', () => {
  const server = useServer();
  let before: ((attempt: number) => 'pass' | 'busy' | 'cut') | null = null;
  let attempts = 0;
  let gate: Server;
  let url: string;
  const openGate = () =>
    new Promise<void>((resolve) => {
      gate = createServer((request, response) => {
        attempts += 1;
        const verdict = before?.(attempts) ?? 'pass';
        if (verdict === 'cut') return void request.socket.destroy();
        if (verdict === 'busy') return void response.writeHead(503, { 'retry-after': '0' }).end();
        const parts: Buffer[] = [];
        request.on('data', (part: Buffer) => parts.push(part));
        request.on('end', () => {
          const body = Buffer.concat(parts);
          void fetch(`${server.url}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body,
          }).then(async (answer) => response.writeHead(answer.status).end(await answer.text()));
        });
      }).listen(0, '127.0.0.1', resolve);
    });
  beforeEach(async () => {
    attempts = 0;
    before = null;
    await openGate();
    url = `http://127.0.0.1:${(gate.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    gate.closeAllConnections();
    gate.close();
  });

  it('asks again while the server is busy, or breaks off in the middle of a question', async () => {
    before = (attempt) => (attempt === 1 ? 'busy' : attempt === 2 ? 'cut' : 'pass');
    const client = connect({ url, token: null });
    const nothing = { totalCount: 0 };
    assert.deepEqual(await client(Counts, {}), { datasets: nothing, experiments: nothing, runs: nothing });
    assert.equal(attempts, 3);
  });

  it('does not do twice what may have been done', async () => {
    before = () => 'cut';
    const client = connect({ url, token: null });
    const input = { name: 'news', runId: 'x' };
    await assert.rejects(client(RegisterModel, { input }), /no server answers/);
    assert.equal(attempts, 1);
  });

  it('tells errors as the server does, with their place', async () => {
    const client = connect({ url, token: null });
    await assert.rejects(client(Runs, { query: 'state = ' }), (error: { code: string; column: number }) => {
      assert.deepEqual([error.code, error.column], ['BAD_USER_INPUT', 9]);
      return true;
    });
  });

  it('says where it looked and what can be done when nobody answers', async () => {
    gate.close();
    const client = connect({ url, token: null });
    await assert.rejects(client(Counts, {}), (error: { code: string; message: string }) => {
      assert.equal(error.code, 'UNAVAILABLE');
      assert.equal(
        error.message,
        `no server answers at ${url}: start one with \`npm start\`, or set FROSTLINE_URL`,
      );
      return true;
    });
  });
});
