import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { enterBlob, keepingBlobs, releaseBlob } from '../../../server/blobs/blobRecords.js';
import { openBlobStore } from '../../../server/blobs/openBlobStore.js';
import { dumpProject } from '../../../server/dump/dumpProject.js';
import { type DumpProgress } from '../../../server/dump/dumpProgress.js';
import { type Manifest } from '../../../server/dump/manifest.js';
import { restoreProject } from '../../../server/dump/restoreProject.js';
import { fsck } from '../../../server/fsck/fsck.js';
import { sampleDataset, sampleDefinition } from '../../support/factories.js';
import { finishedRun, launchRuns, waitForRun } from '../../support/runs.js';
import { runCli } from '../../support/cli.js';
import { type TestServer, useServer } from '../../support/server.js';
import { until } from '../../support/until.js';
import { startWorker, type WorkerProcess } from '../../support/workerProcess.js';

const LONG = {
  epochs: 2_000,
  batchSize: 2,
  learningRate: 1e-4,
  dropout: 0.1,
  maxLength: 32,
  checkpointEvery: 50,
};

describe('dumping a project and restoring it elsewhere', () => {
  const source = useServer();
  const target = useServer();
  const folder = mkdtempSync(join(tmpdir(), 'frostline-dump-'));
  const dumped = join(folder, 'first');
  const workers: WorkerProcess[] = [];
  let finished: string;
  let external: string;
  let underWay: string;
  let manifest: Manifest;

  const placeOf = async ({ database, config }: TestServer) => ({
    database,
    blobs: await openBlobStore(config.blobs),
  });
  const dump = async (server: TestServer, name: string) =>
    dumpProject(await placeOf(server), join(folder, name));
  const restore = async (from = dumped) => restoreProject(await placeOf(target), from);
  const mutate = async (
    server: TestServer,
    field: string,
    type: string,
    selection: string,
    input: object,
  ) => {
    const text = `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} } }`;
    const { data, errors } = await server.query<Record<string, never>>(text, { input });
    assert.equal(errors, undefined);
    return data[field] as unknown as { run: { id: string } };
  };
  const logLoss = (server: TestServer, key: string, steps: number[]) =>
    mutate(server, 'logMetrics', 'LogMetricsInput', 'stored', {
      runId: external,
      key,
      series: [
        {
          name: 'loss "é"',
          steps,
          values: steps.map((step) => (step % 3 === 0 ? null : 1 / step)),
          special: steps.filter((step) => step % 3 === 0).map(() => 'NaN'),
        },
      ],
    });
  const rowsIn = async ({ database }: TestServer): Promise<number> =>
    (await database.prisma.run.count()) +
    (await database.prisma.dataset.count()) +
    (await database.prisma.blob.count());
  /** A copy of the first dump in which something is wrong. */
  const damagedCopy = (name: string, damage: (copy: string) => void): string => {
    const copy = join(folder, name);
    mkdirSync(copy);
    for (const path of readdirSync(dumped, { recursive: true, withFileTypes: true })) {
      const own = path.parentPath.replace(dumped, copy);
      if (path.isDirectory()) mkdirSync(join(own, path.name), { recursive: true });
      else {
        mkdirSync(own, { recursive: true });
        writeFileSync(join(own, path.name), readFileSync(join(path.parentPath, path.name)));
      }
    }
    damage(copy);
    return copy;
  };

  before(async () => {
    await createDataset(source.database, 'sample', sampleDataset());
    const worker = await startWorker(source.config, source.database);
    workers.push(worker);
    finished = await finishedRun(source, 'finished', sampleDefinition());
    await mutate(source, 'registerModel', 'RegisterModelInput', 'version { version }', {
      name: 'news',
      runId: finished,
      alias: 'production',
    });
    const started = await mutate(source, 'startExternalRun', 'StartExternalRunInput', 'run { id }', {
      name: 'elsewhere',
      experiment: 'external',
      settings: { lr: 1e-3, note: 'two\nlines' },
    });
    external = started.run.id;
    await logLoss(source, 'first', [1, 2, 4, 6]);
    [underWay] = (await launchRuns(source, 'long', sampleDefinition({ training: LONG }))) as [string];
    await until(
      async () => (await source.database.prisma.checkpoint.count({ where: { runId: underWay } })) > 0,
    );
    manifest = await dump(source, 'first');
    await worker.kill('SIGKILL');
  });
  after(async () => {
    await Promise.all(workers.map((worker) => worker.kill('SIGKILL')));
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuses a folder that has something in it, and leaves it alone', async () => {
    const full = join(folder, 'full');
    mkdirSync(full);
    writeFileSync(join(full, 'mine'), '');
    await assert.rejects(dump(source, 'full'), /expected a new or an empty folder/);
    assert.deepEqual(readdirSync(full), ['mine']);
  });

  it('refuses what is damaged, of another schema or no dump, and nothing is stored', async () => {
    const table = (copy: string, name: string) => join(copy, 'tables', `${name}.jsonl`);
    const edit = (path: string, change: (text: string) => string) =>
      writeFileSync(path, change(readFileSync(path, 'utf8')));
    const [firstBlob] = readdirSync(join(dumped, 'blobs'), { recursive: true })
      .map(String)
      .filter((name) => /[0-9a-f]{64}$/.test(name));
    const cases: [RegExp, (copy: string) => void][] = [
      [/there is none/, (copy) => rmSync(join(copy, 'manifest.json'))],
      [/expected the manifest of a dump/, (copy) => writeFileSync(join(copy, 'manifest.json'), '{"format":')],
      [
        /the manifest has changed/,
        (copy) => edit(join(copy, 'manifest.json'), (text) => text.replace(/"rows": \d+/, '"rows": 77')),
      ],
      [/there is none/, (copy) => rmSync(table(copy, 'run'))],
      [
        /the file has changed/,
        (copy) => edit(table(copy, 'run'), (text) => text.replace('elsewhere', 'Elsewhere')),
      ],
      [/the file has changed/, (copy) => edit(table(copy, 'run'), (text) => text.replace('{', '['))],
      [/breaks off/, (copy) => edit(table(copy, 'metric_chunk'), (text) => text.slice(0, -20))],
      [/the file has changed/, (copy) => appendFileSync(table(copy, 'dataset_row'), '\n')],
      [/is not in the store/, (copy) => rmSync(join(copy, 'blobs', firstBlob!))],
      [/has changed/, (copy) => appendFileSync(join(copy, 'blobs', firstBlob!), 'x')],
    ];
    for (const [index, [message, damage]] of cases.entries()) {
      await assert.rejects(restore(damagedCopy(`damaged ${index}`, damage)), (error: Error) => {
        assert.match(error.message, message, `case ${index}`);
        return true;
      });
      assert.equal(await rowsIn(target), 0, `case ${index}`);
      const { blobs } = await placeOf(target);
      for await (const { sha256 } of blobs.list()) assert.fail(`case ${index} left blob ${sha256}`);
    }
    await target.database.pool.query(
      "UPDATE _prisma_migrations SET checksum = 'other' WHERE migration_name LIKE '%_tokens'",
    );
    const other = damagedCopy('other', () => {});
    await assert.rejects(restore(other), /expected a dump of this version's schema/);
    await target.database.pool.query(
      'UPDATE _prisma_migrations SET checksum = $1 WHERE migration_name LIKE $2',
      [
        (
          await source.database.pool.query<{ checksum: string }>(
            "SELECT checksum FROM _prisma_migrations WHERE migration_name LIKE '%_tokens'",
          )
        ).rows[0]!.checksum,
        '%_tokens',
      ],
    );
  });

  it('gives the same project: equal by digest, and nothing that fsck finds', async () => {
    const restored: DumpProgress[] = [];
    await restoreProject(await placeOf(target), dumped, (progress) => restored.push(progress));
    const told: DumpProgress[] = [];
    const again = await dumpProject(await placeOf(target), join(folder, 'again'), (progress) =>
      told.push(progress),
    );
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    for (const steps of [restored, told]) {
      assert.deepEqual([...new Set(steps.map(({ phase }) => phase))], ['rows', 'blobs']);
      for (const [phase, total] of [
        ['rows', rows],
        ['blobs', manifest.blobs.bytes],
      ] as const) {
        const done = steps.filter((step) => step.phase === phase);
        assert.deepEqual(done.at(-1), { phase, done: total, total });
        assert.ok(done.every((step, index) => index === 0 || step.done >= done[index - 1]!.done));
      }
    }
    assert.equal(again.digest, manifest.digest);
    assert.deepEqual(again, manifest);
    const { blobs } = await placeOf(target);
    const { database, config } = target;
    const results = await fsck(
      { database, blobs, runsFolder: join(config.dataFolder, 'runs'), deep: true, graceSeconds: 0 },
      { repair: false },
    );
    assert.deepEqual(
      results.flatMap(({ findings }) => findings.map(({ message }) => message)),
      [],
    );
  });

  it('keeps the bytes that it copies, whatever is deleted meanwhile; they go with the next housekeeping', async () => {
    const { database, blobs } = await placeOf(source);
    const blob = await blobs.put(Buffer.from('to be deleted'));
    await enterBlob(database.pool, blob);
    const meanwhile = await keepingBlobs(database, () => releaseBlob(database, blobs, blob.sha256));
    assert.deepEqual([meanwhile, await blobs.has(blob.sha256)], [null, true]);
    assert.equal(await releaseBlob(database, blobs, blob.sha256), blob.bytes);
    assert.equal(await blobs.has(blob.sha256), false);
  });

  it('refuses a database that has something in it', async () => {
    const before = await rowsIn(target);
    await assert.rejects(restore(), /expected an empty database, its table \w+ has rows/);
    assert.equal(await rowsIn(target), before);
  });

  it('takes no tokens along, and no processes', async () => {
    assert.equal(existsSync(join(dumped, 'tables', 'token.jsonl')), false);
    const { rows } = await target.database.pool.query('SELECT state, job_holder FROM worker');
    assert.deepEqual(rows, [{ state: 'STOPPED', job_holder: null }]);
  });

  it('lets programs go on with the runs that they log', async () => {
    await logLoss(target, 'first', [1, 2, 4, 6]);
    await logLoss(target, 'second', [7, 8]);
    const { data } = await target.query<{ run: { metrics: { name: string; count: number }[] } }>(
      'query ($id: ID!) { run(id: $id) { metrics { name count } } }',
      { id: external },
    );
    assert.deepEqual(data.run.metrics, [{ name: 'loss "é"', count: 6 }]);
  });

  it('trains on where a run was under way, verifies what had finished, and starts new runs', async () => {
    const { state } = await target.database.prisma.run.findUniqueOrThrow({ where: { id: underWay } });
    assert.equal(state, 'QUEUED');
    workers.push(await startWorker(target.config, target.database));
    await waitForRun(target, underWay, 'RUNNING');
    const resumed = () => target.database.prisma.attempt.findFirst({ where: { runId: underWay, number: 2 } });
    await until(async () => ((await resumed())?.firstStep ?? 0) > 0);
    await mutate(target, 'cancelRun', 'RunInput', 'run { id }', { id: underWay });
    await mutate(target, 'verifyRun', 'RunInput', 'run { id }', { id: finished });
    const verification = async () => {
      const text = 'query ($id: ID!) { run(id: $id) { verification { state } } }';
      const { data } = await target.query<{ run: { verification: { state: string } } }>(text, {
        id: finished,
      });
      return data.run.verification.state;
    };
    await until(async () => !['QUEUED', 'RUNNING'].includes(await verification()));
    assert.equal(await verification(), 'PASSED');
    const another = await finishedRun(
      target,
      'another',
      sampleDefinition({ freeze: { preset: 'head-only' } }),
    );
    const { data, errors } = await target.query<{ compareRuns: { baseline: string } }>(
      'query ($ids: [ID!]!) { compareRuns(ids: $ids) { baseline } }',
      { ids: [finished, another] },
    );
    assert.equal(errors, undefined);
    assert.equal(data.compareRuns.baseline, finished);
  });

  it('has commands for it, which say what they did in two lines and what is wrong in one', async () => {
    const env = { DATABASE_URL: source.config.databaseUrl!, FROSTLINE_DATA: source.config.dataFolder };
    const made = await runCli(['dump', join(folder, 'cli')], { env });
    assert.deepEqual([made.status, made.stderr], [0, '']);
    assert.match(
      made.stdout,
      /^3 runs, 1 versions of datasets, \d+ blobs of [\d.]+ MB\ndigest [0-9a-f]{64}\n$/,
    );
    const refused = await runCli(['restore', join(folder, 'nowhere')], { env });
    assert.equal(refused.status, 2);
    assert.match(
      refused.stderr,
      /^frostline: .*manifest\.json: expected the manifest of a finished dump, there is none\n$/,
    );
  });
});
