import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { importDataset } from '../../../server/datasets/importDataset.js';
import { Turns } from '../../../server/datasets/turns.js';
import { useServer } from '../../support/server.js';
import { upload, type UploadAnswer } from '../../support/upload.js';
import { until } from '../../support/until.js';

const csv = 'sentence,topic,split\n"Hello, ""world""",A,\nBye,B,test\n"two\r\nlines",A,validation\n';
const manyRows = (count: number, of = ''): string =>
  `sentence,topic\n${Array.from({ length: count }, (_, row) => `sentence ${row}${of},${row % 3}\n`).join('')}`;

describe('datasets as files', () => {
  const server = useServer({ FROSTLINE_UPLOAD_LIMIT: '3000000', FROSTLINE_UPLOAD_ROWS: '60000' });
  const send = (
    name: string,
    body: Parameters<typeof upload>[2],
    options?: Parameters<typeof upload>[3],
  ): Promise<UploadAnswer> => upload(server.url, name, body, options);
  const download = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}${path}`, { headers });
    return { response, bytes: Buffer.from(await response.arrayBuffer()) };
  };
  const countOf = async (sql: string): Promise<number> =>
    (await server.database.pool.query<{ count: number }>(sql)).rows[0]!.count;
  /** All that importing may leave: versions, rows, records of files, files. */
  const traces = async (): Promise<object> => ({
    datasets: await countOf('SELECT count(*)::int AS count FROM dataset'),
    rows: await countOf('SELECT count(*)::int AS count FROM dataset_row'),
    blobs: await countOf('SELECT count(*)::int AS count FROM blob'),
    files: filesIn(join(server.config.dataFolder, 'blobs')),
    uploads: filesIn(join(server.config.dataFolder, 'uploads')),
  });

  it('stores what is uploaded, and gives the very bytes back', async () => {
    const { status, created, dataset } = await send('mixed', csv);
    assert.deepEqual([status, created, dataset?.version, dataset?.rowCount], [201, true, 1, 3]);
    const { response, bytes } = await download('/datasets/mixed?version=1');
    assert.equal(bytes.toString(), csv);
    assert.equal(response.headers.get('content-type'), 'text/csv');
    assert.match(response.headers.get('content-disposition')!, /^attachment; filename="?mixed-v1\.csv"?$/);
    const etag = response.headers.get('etag')!;
    assert.equal(etag, `"${createHash('sha256').update(csv).digest('hex')}"`);
    assert.equal(
      (await download('/datasets/mixed', { 'if-none-match': etag, 'cache-control': 'max-age=0' })).response
        .status,
      304,
    );
  });

  it('finds the same rows again in other formats, encodings and line ends', async () => {
    const first = await send('same', csv);
    const utf16 = Buffer.from(`\uFEFF${csv}`, 'utf16le');
    const jsonl = [
      { sentence: 'Hello, "world"', topic: 'A' },
      { sentence: 'Bye', topic: 'B', split: 'test' },
      { sentence: 'two\r\nlines', topic: 'A', split: 'validation' },
    ];
    const variants = [
      await send('same', Buffer.from(`\uFEFF${csv}`)),
      await send('same', utf16),
      await send('same', csv.replaceAll(',', '\t').replace('Hello\t', 'Hello,'), {
        type: 'text/tab-separated-values',
      }),
      await send('same', jsonl.map((row) => `${JSON.stringify(row)}\n`).join(''), {
        type: 'application/jsonl',
      }),
    ];
    for (const { status, created, dataset } of variants) {
      assert.deepEqual([status, created], [200, false]);
      assert.deepEqual(dataset, first.dataset);
    }
    const { data } = await server.query(
      '{ dataset(name: "same") { versions { version } source { format bytes } } }',
    );
    assert.deepEqual(data.dataset, {
      versions: [{ version: 1 }],
      source: { format: 'CSV', bytes: Buffer.byteLength(csv) },
    });
  });

  it('writes rows in any format, which read again are the same rows', async () => {
    const { dataset } = await send('formats', csv);
    const types = { csv: 'text/csv', tsv: 'text/tab-separated-values', jsonl: 'application/x-ndjson' };
    for (const [format, type] of Object.entries(types)) {
      const { bytes } = await download(`/datasets/formats?format=${format}`);
      const again = await send(`formats ${format}`, bytes, { type });
      assert.deepEqual([again.dataset?.digest, again.dataset?.rowCount], [dataset?.digest, 3], format);
    }
  });

  it('gives rows that came inline as CSV', async () => {
    const rows = [
      { sentence: 'a, b', split: 'TEST', labels: [{ task: 'x', label: ' "1" ' }] },
      { sentence: 'c', labels: [] },
    ];
    await server.query(
      'mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { created } }',
      { input: { name: 'inline', rows } },
    );
    const { bytes } = await download('/datasets/inline');
    assert.equal(bytes.toString(), 'sentence,split,x\n"a, b",test," ""1"" "\nc,train,\n');
    const { data } = await server.query(
      '{ dataset(name: "inline") { source { bytes } path p: path(format: JSONL) } }',
    );
    assert.deepEqual(data.dataset, {
      source: null,
      path: '/datasets/inline?version=1&format=original',
      p: '/datasets/inline?version=1&format=jsonl',
    });
  });

  it('tells every bad row by its line, and stores nothing of the file', async () => {
    const before = await traces();
    const file = Buffer.concat([
      Buffer.from('sentence,topic\nfine,x\nshort\n"it\nis" open,x\n'),
      Buffer.from([0x63, 0xe9, 0x2c, 0x78, 0x0a]),
      Buffer.from(`,x\n${'long'.repeat(6000)},x\nnul\0,x\nfine,y\n`),
    ]);
    const { status, errors } = await send('bad', file);
    assert.equal(status, 400);
    const { code, faults, faultCount } = errors![0]!.extensions;
    assert.deepEqual([code, faultCount], ['BAD_USER_INPUT', 6]);
    assert.deepEqual(
      faults?.map(({ line, message }) => `${line}: ${message}`),
      [
        '3: expected 2 cells, as in the header, got 1',
        '4: expected a closing quote at the end of a quoted cell',
        '6: expected text in UTF-8, got the byte 0xe9',
        '7: sentence: expected text, got an empty one',
        '8: sentence: expected at most 20000 characters, got 24000',
        '9: sentence: expected text without NUL characters',
      ],
    );
    assert.deepEqual(await traces(), before);
  });

  it('counts the bad rows of which it tells only the first thousand', async () => {
    const { errors } = await send('bad', `sentence,topic\n${'a\n'.repeat(2500)}`);
    const { faults, faultCount } = errors![0]!.extensions;
    assert.deepEqual([faultCount, faults?.length, faults?.at(-1)?.line], [2500, 1000, 1001]);
    assert.match(errors![0]!.message, /^line 2: .*; 2499 more faults, the next in line 3$/);
  });

  const refused: [string, number, RegExp, Parameters<typeof upload>[2], Parameters<typeof upload>[3]?][] = [
    ['no rows', 400, /at least one row/, 'sentence,topic\n'],
    ['an empty file', 400, /line 1: expected a header/, ''],
    ['a file without sentences', 400, /line 1: expected a column "sentence", got "text"/, 'text\nx\n'],
    [
      'a type it does not know',
      400,
      /Content-Type: expected one of text\/csv/,
      csv,
      { type: 'application/xml' },
    ],
    [
      'text in Latin-1',
      400,
      /expected text in UTF-8 or UTF-16, got charset=iso-8859-1/,
      csv,
      { type: 'text/csv; charset=ISO-8859-1' },
    ],
    ['what is compressed', 400, /Content-Encoding/, csv, { headers: { 'content-encoding': 'gzip' } }],
    ['a slip in a name', 400, /stratifyBy only, got "stratify"/, csv, { query: '?test=0.5&stratify=topic' }],
    ['a share that is no number', 400, /splitting\.test: expected a number/, csv, { query: '?test=some' }],
    [
      'a task that is not there',
      400,
      /stratifyBy: .* columns topic, got "x"/,
      csv,
      { query: '?test=0.5&stratifyBy=x' },
    ],
    ['too many rows', 413, /at most 60000 rows/, manyRows(60_001)],
    ['too many bytes', 413, /at most 3000000 bytes/, manyRows(200_000)],
  ];
  for (const [what, status, message, body, options] of refused) {
    it(`refuses ${what}`, async () => {
      const before = await traces();
      const answer = await send('bad', body, options);
      assert.equal(answer.status, status);
      assert.match(answer.errors![0]!.message, message);
      assert.deepEqual(await traces(), before);
    });
  }

  it('refuses names that are none, pages of other origins and files that are not there', async () => {
    assert.equal((await send('../x', csv)).errors![0]!.extensions.path, 'name');
    const foreign = await send('mixed', csv, { headers: { origin: 'https://evil.example' } });
    assert.deepEqual([foreign.status, foreign.errors![0]!.extensions.code], [403, 'FORBIDDEN']);
    assert.equal((await download('/datasets/mixed?version=7')).response.status, 404);
    for (const query of ['version=x', 'format=xlsx', 'format=csv&format=tsv'])
      assert.equal((await download(`/datasets/mixed?${query}`)).response.status, 400);
    const page = await download('/datasets/mixed', { accept: 'text/html' });
    assert.match(page.response.headers.get('content-type')!, /^text\/html/);
  });

  it('draws splits by shares and seed, which make it another version', async () => {
    const body = manyRows(300);
    const drawn = await send('drawn', body, { query: '?validation=0.1&test=0.2&seed=3&stratifyBy=topic' });
    const again = await send('drawn', body, { query: '?validation=0.1&test=0.2&seed=3&stratifyBy=topic' });
    const other = await send('drawn', body, { query: '?validation=0.1&test=0.2&seed=4&stratifyBy=topic' });
    const plain = await send('drawn', body);
    assert.deepEqual(
      [drawn, again, other, plain].map(({ dataset }) => dataset?.version),
      [1, 1, 2, 3],
    );
    const { data } = await server.query(`{ dataset(name: "drawn", version: 1) {
      splits { train validation test } splitting { validation test seed stratifyBy }
      tasks { classes { label count train validation test } }
    } }`);
    const counts = { count: 100, train: 70, validation: 10, test: 20 };
    assert.deepEqual(data.dataset, {
      splits: { train: 210, validation: 30, test: 60 },
      splitting: { validation: 0.1, test: 0.2, seed: 3, stratifyBy: 'topic' },
      tasks: [{ classes: ['0', '1', '2'].map((label) => ({ label, ...counts })) }],
    });
    const named = await send('drawn', csv.replace('A,\n', 'A,train\n'), { query: '?test=0.5' });
    const { data: kept } = await server.query(
      `{ dataset(name: "drawn", version: ${named.dataset!.version}) { splitting { test } splits { train } } }`,
    );
    assert.deepEqual(kept.dataset, { splitting: null, splits: { train: 1 } });
  });

  it('gives one version to several who upload the same at once', async () => {
    const body = manyRows(20_000, ' at once');
    const answers = await Promise.all(Array.from({ length: 4 }, () => send('at once', body)));
    assert.deepEqual(answers.map(({ created }) => created).sort(), [false, false, false, true]);
    assert.equal(new Set(answers.map(({ dataset }) => dataset?.id)).size, 1);
    assert.equal(
      await countOf("SELECT count(*)::int AS count FROM dataset_row WHERE sentence LIKE '% at once'"),
      20_000,
    );
  });

  it('leaves nothing of an upload whose client goes while it is sent', async () => {
    const before = await traces();
    const { database, services, config } = server;
    async function* content(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(manyRows(10_000));
      await Promise.reject(new Error('aborted'));
    }
    const imported = importDataset(
      {
        database,
        blobs: services.blobs,
        folder: join(config.dataFolder, 'uploads'),
        limits: config.uploadLimits,
        turns: new Turns(1),
      },
      {
        name: 'broken',
        format: 'csv',
        splitting: null,
        content: content(),
        signal: new AbortController().signal,
        onProgress: () => {},
      },
    );
    await assert.rejects(imported, /aborted/);
    const begun = request(`${server.url}/datasets/broken`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', 'content-length': '1000000' },
    });
    begun.on('error', () => {});
    await new Promise((sent) => begun.write(manyRows(10_000), sent));
    begun.destroy();
    await new Promise((closed) => begun.once('close', closed));
    assert.equal((await send('broken', 'text\n')).status, 400);
    assert.deepEqual(await traces(), before);
  });

  it('leaves nothing of an upload whose client goes while it is stored', async () => {
    const before = await traces();
    // Somebody else holds the name, so that it waits within its transaction.
    const client = await server.database.pool.connect();
    await client.query("BEGIN; SELECT pg_advisory_xact_lock(hashtext('dataset'), hashtext('broken'))");
    const waiting = request(`${server.url}/datasets/broken`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
    });
    waiting.on('error', () => {});
    waiting.end(manyRows(50_000));
    const waitingCount = 'SELECT count(*)::int AS count FROM pg_locks WHERE NOT granted';
    await until(async () => (await countOf(waitingCount)) === 1);
    waiting.destroy();
    await new Promise((closed) => waiting.once('close', closed));
    // The server is in this process: by the time it has answered this, it has noticed.
    await server.query('{ __typename }');
    await client.query('COMMIT');
    client.release();
    // Who asks for the name next gets it when the transaction is over.
    const next = await send('broken', csv);
    assert.equal(next.dataset?.version, 1);
    await server.query('mutation { deleteDataset(input: { name: "broken" }) { deleted } }');
    assert.deepEqual(await traces(), before);
  });

  it('tells how far it is to clients that accept lines of progress', async () => {
    const response = await fetch(`${server.url}/datasets/progress?test=0.1`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', accept: 'application/x-ndjson' },
      body: manyRows(50_000, ' of progress'),
    });
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { progress?: { phase: string; totalRows: number }; result?: object },
      );
    assert.ok(lines.length > 1);
    assert.equal(lines[0]!.progress?.totalRows, 50_000);
    assert.equal((lines.at(-1) as { result: { created: boolean } }).result.created, true);
    const broken = await fetch(`${server.url}/datasets/progress`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', accept: 'application/x-ndjson' },
      body: 'sentence\n"a\n',
    });
    assert.equal(broken.status, 400);
  });
});

function filesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length;
}
