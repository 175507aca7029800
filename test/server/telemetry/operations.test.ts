import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHttpServer } from '../../../server/http/httpServer.js';
import { silentLogger } from '../../../server/db/logger.js';
import { insertRun } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

describe('what a server tells of itself', () => {
  const server = useServer();
  const metrics = async (): Promise<string> => {
    const response = await fetch(`${server.url}/metrics`);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type')!, /^text\/plain; version=0\.0\.4/);
    return response.text();
  };
  /** The value of a sample, by the start of its line. */
  const sample = (text: string, start: string): number | null => {
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${start} `));
    return line === undefined ? null : Number(line.slice(start.length));
  };

  it('counts runs by state, as the tables have them at that moment', async () => {
    await insertRun(server.database, { state: 'FINISHED' });
    await insertRun(server.database, { state: 'FINISHED' });
    assert.equal(sample(await metrics(), 'frostline_runs{state="FINISHED"}'), 2);
    await server.database.prisma.run.updateMany({ data: { state: 'FAILED' } });
    const text = await metrics();
    assert.equal(sample(text, 'frostline_runs{state="FINISHED"}'), null);
    assert.equal(sample(text, 'frostline_runs{state="FAILED"}'), 2);
  });

  it('times requests by route and operations by their first field, whatever clients call them', async () => {
    await server.query('query anyNameAtAll { workers { name } }');
    await server.query('{ run(id: "x") { id } nonsense }');
    await fetch(`${server.url}/anything/at/all`);
    const text = await metrics();
    const operations = 'frostline_graphql_operation_seconds_count{type="query",field="workers"}';
    assert.equal(sample(text, operations), 1);
    assert.ok(
      sample(text, 'frostline_http_request_seconds_count{method="POST",route="/graphql",status="200"}')! >= 1,
    );
    assert.ok(!text.includes('anyNameAtAll') && !text.includes('/anything'));
  });

  it('counts errors by their code', async () => {
    await server.query('mutation { cancelRun(input: { id: "nobody" }) { run { id } } }');
    assert.equal(sample(await metrics(), 'frostline_graphql_errors_total{code="NOT_FOUND"}'), 1);
  });

  it('says that it stops before it does, and finishes what is under way', async () => {
    const config = { ...server.config, port: 0, drainSeconds: 0.5 };
    const other = await startHttpServer(config, server.services, silentLogger);
    const url = `http://127.0.0.1:${other.port}`;
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    const closed = other.close();
    await sleep(50);
    const refused = await fetch(`${url}/readyz`);
    assert.equal(refused.status, 503);
    assert.match(await refused.text(), /is stopping/);
    assert.equal(refused.headers.get('connection'), 'close');
    const served = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    assert.equal(served.status, 200);
    await closed;
    await assert.rejects(fetch(`${url}/readyz`));
  });
});
