import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  AdviseExperiment,
  CancelRun,
  DeleteRuns,
  FrostlineClient,
  Run,
  StartExternalRun,
} from '../../client/index.js';
import { isRepeatable } from '../../client/operation.js';
import { Journal } from '../../client/outbox/journal.js';
import { pauseBefore, retryAfterOf } from '../../client/transport/backoff.js';

type Answer = { status: number; headers?: Record<string, string>; body?: unknown } | 'cut';

describe('requests of the client', () => {
  let server: Server;
  let url: string;
  /** What is answered, one after the other; the last goes on. */
  let answers: Answer[] = [];
  let asked: { time: number; authorization: string | undefined }[] = [];
  before(async () => {
    server = createServer((request: IncomingMessage, response: ServerResponse) => {
      asked.push({ time: performance.now(), authorization: request.headers.authorization });
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      request.resume().on('end', () => {
        if (answer === 'cut') return void request.socket.destroy();
        response.writeHead(answer.status, answer.headers ?? {}).end(JSON.stringify(answer.body ?? {}));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });
  beforeEach(() => (asked = []));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const connect = (): FrostlineClient =>
    new FrostlineClient({ url: `${url}/`, token: 'secret', backoff: { firstMs: 1, mostMs: 4 } });
  const found = { status: 200, body: { data: { run: null } } };
  const refused = (code: string) => ({
    status: 200,
    body: { errors: [{ message: 'told', extensions: { code, path: 'id', column: 3 } }] },
  });

  it('asks a server that is away again, with the token, and not before the server wants to be asked', async () => {
    answers = [
      { status: 503, headers: { 'retry-after': '0.2' } },
      'cut',
      refused('UNAVAILABLE'),
      { status: 502 },
      found,
    ];
    assert.deepEqual(await connect().request(Run, { id: '1' }), { run: null });
    assert.equal(asked.length, 5);
    assert.ok(asked[1]!.time - asked[0]!.time >= 199);
    assert.deepEqual(new Set(asked.map(({ authorization }) => authorization)), new Set(['Bearer secret']));
  });

  it('has as much patience when the clock jumps a day ahead', async () => {
    answers = [{ status: 503 }, found];
    const now = Date.now;
    const asking = connect().request(Run, { id: '1' });
    Date.now = () => now() + 24 * 60 * 60 * 1000;
    try {
      assert.deepEqual(await asking, { run: null });
    } finally {
      Date.now = now;
    }
  });

  it('gives up when patience ends, and at once when the server refuses', async () => {
    answers = [{ status: 503, headers: { 'retry-after': '60' } }];
    await assert.rejects(connect().request(Run, { id: '1' }, { patienceMs: 1_000 }), { code: 'UNAVAILABLE' });
    answers = [refused('NOT_FOUND'), found];
    await assert.rejects(connect().request(Run, { id: '1' }), {
      name: 'FrostlineApiError',
      message: 'told',
      code: 'NOT_FOUND',
      path: 'id',
      column: 3,
    });
    assert.equal(asked.length, 2);
    answers = [{ status: 404, body: 'a page' }];
    await assert.rejects(connect().request(Run, { id: '1' }), /answered with status 404 and no data/);
  });

  it('does not ask again for what may have been done and would be done twice', async () => {
    for (const answer of ['cut', { status: 502 }, refused('UNAVAILABLE')] as Answer[]) {
      answers = [answer, { status: 200, body: { data: { deleteRuns: { ids: [] } } } }];
      asked = [];
      await assert.rejects(connect().request(DeleteRuns, { ids: [] }), { code: 'UNAVAILABLE' });
      assert.equal(asked.length, 1);
    }
    answers = [{ status: 503 }, { status: 200, body: { data: { deleteRuns: { ids: [] } } } }];
    await connect().request(DeleteRuns, { ids: [] });
    assert.ok(isRepeatable(Run, { id: '1' }) && isRepeatable(CancelRun, { id: '1' }));
    const start = (key: string | null) => ({ input: { name: 'a', experiment: 'b', key } });
    assert.deepEqual(
      [isRepeatable(StartExternalRun, start(null)), isRepeatable(StartExternalRun, start('k'))],
      [false, true],
    );
    const advise = (force: boolean) => ({ input: { definition: {}, force } });
    assert.deepEqual(
      [isRepeatable(AdviseExperiment, advise(true)), isRepeatable(AdviseExperiment, advise(false))],
      [false, true],
    );
  });

  it('pauses longer each time, up to a limit, each client by another time, and never less than it was asked to', () => {
    const limits = { firstMs: 100, mostMs: 5_000 };
    fc.assert(
      fc.property(
        fc.nat(2_000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (repetition, drawn) => {
          const random = (): number => drawn;
          const longest = Math.min(5_000, 100 * 2 ** repetition);
          const pause = pauseBefore(repetition, limits, { random });
          assert.ok(pause >= longest / 2 && pause <= longest);
          assert.ok(pauseBefore(repetition, limits, { random, retryAfterMs: 7_000 }) === 7_000);
        },
      ),
    );
    const now = Date.UTC(2026, 0, 1);
    const cases: [string | null, number][] = [
      ['3', 3_000],
      ['Thu, 01 Jan 2026 00:00:05 GMT', 5_000],
      ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
      ['soon', 0],
      ['', 0],
      [null, 0],
      ['-4', 0],
    ];
    for (const [header, expected] of cases) assert.equal(retryAfterOf(header, now), expected, String(header));
  });
});

describe('what the client keeps on disk', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'frostline-test-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const entry = (step: number, size = 1) => ({
    kind: 'log' as const,
    run: 'r',
    runId: null,
    key: `${step}`,
    series: [{ name: 'x'.repeat(size), steps: [step], values: [step], times: [0], special: [] }],
  });
  const keys = (journal: Journal, count = Infinity): string[] => {
    const found: string[] = [];
    for (let next = journal.peek(); next !== null && found.length < count; next = journal.peek()) {
      found.push((next as { key: string }).key);
      journal.advance();
    }
    return found;
  };

  it('comes back in order, after a crash from a place that was already sent, without a line that was cut', async () => {
    const first = new Journal(folder);
    for (let step = 1; step <= 200; step += 1) await first.append([entry(step)]);
    assert.equal(keys(first, 150).length, 150);
    const [segment] = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
    writeFileSync(join(folder, segment!), '{"kind":"log","run":"r","key":"201"', { flag: 'a' });
    const second = new Journal(folder);
    await second.append([entry(202)]);
    const again = keys(second);
    const from = Number(again[0]);
    assert.ok(from <= 151 && from > 50, 'it goes on from a place that it noted a while ago');
    assert.deepEqual(again.map(Number), [
      ...Array.from({ length: 200 - from + 1 }, (_, index) => from + index),
      202,
    ]);
  });

  it('gives disk back that was sent, while more is written', async () => {
    const journal = new Journal(folder);
    const megabyte = 2 ** 20;
    for (let step = 1; step <= 20; step += 1) await journal.append([entry(step, megabyte)]);
    assert.equal(readdirSync(folder).length, 3);
    assert.deepEqual(
      keys(journal, 12).map(Number),
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
    await journal.append([entry(21, megabyte)]);
    assert.ok(journal.bytes < 14 * megabyte);
    assert.deepEqual(
      keys(journal).map(Number),
      Array.from({ length: 9 }, (_, index) => index + 13),
    );
    await journal.close();
    assert.throws(() => readFileSync(folder));
  });
});
