import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { FrostlineClient, type RunLogger } from '../../client/index.js';
import { readSegments } from '../../server/metrics/readSegments.js';
import { createTestDatabase } from '../support/database.js';
import { startProcess, type TestProcess } from '../support/processes.js';
import { type Database, openDatabase } from '../../server/db/database.js';
import { silentLogger } from '../../server/db/logger.js';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

describe('logging through an outage', () => {
  const folder = mkdtempSync(join(tmpdir(), 'frostline-test-'));
  let database: Database;
  let drop: () => Promise<void>;
  let port: number;
  let server: TestProcess;
  const clients: FrostlineClient[] = [];
  before(async () => {
    const created = await createTestDatabase();
    drop = created.drop;
    database = openDatabase(created.url, { log: silentLogger });
    port = await freePort();
    await startServer();
  });
  after(async () => {
    for (const client of clients) await client.close();
    await killServer();
    await database?.close();
    await drop?.();
    rmSync(folder, { recursive: true, force: true });
  });

  const startServer = async (): Promise<void> => {
    server = startProcess('client/apiServer.ts', { url: database.url, port, folder });
    await server.said('listens on');
  };
  const killServer = async (): Promise<void> => {
    server.child.kill('SIGKILL');
    await server.ended;
  };
  const connect = (buffer: string | null): FrostlineClient => {
    const client = new FrostlineClient({
      url: `http://127.0.0.1:${port}`,
      buffer,
      backoff: { firstMs: 20, mostMs: 100 },
      patienceMs: 200,
    });
    clients.push(client);
    return client;
  };
  /** Steps and values as they are stored, and how many points there are in all chunks: more than steps if any was stored twice. */
  const stored = async (runId: string): Promise<{ steps: number[]; values: number[]; points: number }> => {
    const [history] = await readSegments(database.pool, { series: [{ runId, name: 'loss' }] });
    const parts = history!.segments.flatMap((segment) => ('points' in segment ? [segment.points] : []));
    const { rows } = await database.pool.query<{ points: number }>(
      'SELECT sum(count)::int AS points FROM metric_chunk WHERE run_id = $1',
      [runId],
    );
    return {
      steps: parts.flatMap(({ steps }) => [...steps]),
      values: parts.flatMap(({ values }) => [...values]),
      points: rows[0]!.points,
    };
  };

  it('loses nothing that was acknowledged and doubles nothing when the server is killed while 8 runs log', async () => {
    const buffer = join(folder, 'buffer');
    const acknowledged = new Map<RunLogger, number>();
    let sent = 0;
    let restarted = false;
    const logRun = async (client: FrostlineClient, name: string): Promise<RunLogger> => {
      const run = await client.startRun({ name, experiment: 'outage' });
      let step = 0;
      // On while the server is there, through its absence, and for a while after.
      for (let after = 0; after < 20; after += restarted ? 1 : 0) {
        step += 1;
        await run.log({ loss: step / 3 }, { step });
        if ((await run.flush()) === 'sent') sent += 1;
        acknowledged.set(run, step);
      }
      await run.finish();
      return run;
    };
    const logging = Promise.all(
      Array.from({ length: 8 }, (_, index) => logRun(connect(buffer), `run ${index}`)),
    );
    while (sent < 100) await new Promise((resolve) => setTimeout(resolve, 5));
    await killServer();
    const kept = (): number =>
      (existsSync(buffer) ? readdirSync(buffer) : []).filter((name) =>
        existsSync(join(buffer, name, '00000001.jsonl')),
      ).length;
    while (kept() < 8) await new Promise((resolve) => setTimeout(resolve, 5));
    await startServer();
    restarted = true;
    const runs = await logging;
    for (const client of clients) await client.drain();
    for (const run of runs) {
      const last = acknowledged.get(run)!;
      const { steps, values, points } = await stored(run.id!);
      assert.deepEqual(
        steps,
        Array.from({ length: last }, (_, index) => index + 1),
      );
      assert.deepEqual(
        values,
        steps.map((step) => step / 3),
      );
      assert.equal(points, last, 'no point was stored twice');
      const { state } = await database.prisma.run.findUniqueOrThrow({ where: { id: run.id! } });
      assert.equal(state, 'FINISHED');
    }
  });

  it('takes a run that began and ended without a server to the next one, in another process too', async () => {
    const buffer = join(folder, 'left behind');
    await killServer();
    const program = startProcess('client/offlineProgram.ts', { port, buffer });
    const { stdout, signal } = await program.ended;
    assert.equal(signal, 'SIGKILL', 'it dies with everything still on its disk');
    assert.equal(stdout, 'kept kept kept\n');
    await startServer();
    const client = connect(buffer);
    await client.drain();
    const run = await database.prisma.run.findFirstOrThrow({ where: { name: 'offline' } });
    assert.equal(run.state, 'FAILED');
    assert.equal(run.errorMessage, 'out of memory');
    const { steps, values } = await stored(run.id);
    assert.deepEqual(
      [steps, values],
      [
        [1, 2, 3, 4],
        [1, NaN, -Infinity, 4],
      ],
    );
    await client.close();
    assert.deepEqual(readdirSync(buffer), [], 'nothing is left on disk');
  });

  it('puts aside what the server refuses for good, and goes on with the rest', async () => {
    const buffer = join(folder, 'refused');
    const client = connect(buffer);
    const gone = await client.startRun({ name: 'gone', experiment: 'outage' });
    const stays = await client.startRun({ name: 'stays', experiment: 'outage' });
    const rejected: string[] = [];
    await killServer();
    const other = new FrostlineClient({
      url: `http://127.0.0.1:${port}`,
      buffer,
      backoff: { firstMs: 20, mostMs: 100 },
      onRejected: ({ kind }, { code }) => rejected.push(`${kind} ${code}`),
    });
    clients.push(other);
    const late = await other.startRun({ name: '', experiment: 'outage' });
    await late.log({ loss: 1 });
    assert.equal(await late.flush(), 'kept');
    await gone.log({ loss: 1 });
    await stays.log({ loss: 2 });
    assert.deepEqual([await gone.flush(), await stays.flush()], ['kept', 'kept']);
    await database.pool.query('DELETE FROM run WHERE id = $1', [gone.id]);
    await startServer();
    await client.drain();
    await other.drain();
    assert.deepEqual((await stored(stays.id!)).values, [2]);
    assert.deepEqual(rejected, ['start BAD_USER_INPUT', 'log NOT_FOUND']);
    await client.close();
    const [folderName] = readdirSync(buffer).filter((name) =>
      existsSync(join(buffer, name, 'rejected.jsonl')),
    );
    const aside = readFileSync(join(buffer, folderName!, 'rejected.jsonl'), 'utf8');
    assert.match(aside, /"reason":"/);
  });

  it('says that no server answers when there is no folder to keep anything in', async () => {
    await killServer();
    const client = connect(null);
    await assert.rejects(client.startRun({ name: 'nowhere', experiment: 'outage' }), {
      code: 'UNAVAILABLE',
      message: `no server answers at http://127.0.0.1:${port}`,
    });
    await startServer();
    const run = await client.startRun({ name: 'somewhere', experiment: 'outage' });
    await run.log({ loss: 1 });
    assert.equal(await run.flush(), 'sent');
    await assert.rejects(
      run.log({ '': 2 }).then(() => run.flush()),
      { code: 'BAD_USER_INPUT' },
    );
  });
});
