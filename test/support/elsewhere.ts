import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataset } from '../../server/datasets/createDataset.js';
import { fsck } from '../../server/fsck/fsck.js';
import { sampleDataset, sampleDefinition } from './factories.js';
import { finishedRun, launchRuns, waitForRun } from './runs.js';
import { testConfig, useServer } from './server.js';
import { until } from './until.js';
import { startWorker, type WorkerProcess } from './workerProcess.js';

const LONG = {
  epochs: 2_000,
  batchSize: 2,
  learningRate: 1e-4,
  dropout: 0.1,
  maxLength: 32,
  checkpointEvery: 50,
};

/**
 * Runs trained by workers on other machines: processes with empty folders of their own, which have the database's URL and that of the
 * blobs, and nothing else.
 * @param blobs the value of FROSTLINE_BLOBS
 */
export function describeWorkersElsewhere(name: string, blobs: () => string): void {
  describe(name, () => {
    const folder = mkdtempSync(join(tmpdir(), 'frostline-elsewhere-'));
    const env = { FROSTLINE_BLOBS: blobs() };
    const server = useServer(env);
    const workers: WorkerProcess[] = [];
    const startElsewhere = async (machine: string): Promise<WorkerProcess> => {
      const home = join(folder, machine);
      mkdirSync(home, { recursive: true });
      const config = testConfig(home, { ...env, FROSTLINE_MODELS: join(home, 'models') });
      const worker = await startWorker(config, server.database);
      workers.push(worker);
      return worker;
    };
    before(() => createDataset(server.database, 'sample', sampleDataset()));
    after(async () => {
      await Promise.all(workers.map((worker) => worker.kill('SIGKILL')));
      rmSync(folder, { recursive: true, force: true });
    });
    const embed = async (input: object): Promise<number[][]> => {
      const { data, errors } = await server.query<{ embed: { embeddings: number[][] } }>(
        'query ($input: EmbedInput!) { embed(input: $input) { embeddings } }',
        { input: { sentences: ['A sentence.'], maxLength: 32, ...input } },
      );
      assert.equal(errors, undefined);
      return data.embed.embeddings;
    };

    it('train a model that only the server has, and the server embeds with what they leave in the store', async () => {
      await startElsewhere('one');
      const id = await finishedRun(
        server,
        'elsewhere',
        sampleDefinition({ training: { epochs: 2, batchSize: 2, learningRate: 1e-3, maxLength: 32 } }),
      );
      const run = await server.database.prisma.run.findUniqueOrThrow({
        where: { id },
        include: { checkpoints: true },
      });
      assert.equal((run.provenance as { randomWeights?: boolean }).randomWeights, false);
      const [final] = run.checkpoints;
      assert.ok(await server.services.blobs.has(final!.sha256));
      assert.ok(
        !existsSync(join(server.config.dataFolder, 'blobs')),
        'nothing lies in the server’s own folder',
      );
      assert.ok(!existsSync(join(folder, 'one', 'data', 'blobs')), 'nor in the worker’s');
      assert.notDeepEqual(await embed({ run: id }), await embed({ model: 'bert-tiny' }));
    });

    it('do not fetch a model again that they have', async () => {
      const published = join(folder, 'one', 'cache', 'published');
      const before = readdirSync(published);
      await finishedRun(
        server,
        'again',
        sampleDefinition({
          training: { epochs: 1, batchSize: 2, learningRate: 1e-3, maxLength: 32, seed: 8 },
        }),
      );
      assert.deepEqual(readdirSync(published), before);
      assert.equal(before.length, 1);
    });

    it('go on with a run of another machine that died, from the checkpoint in the store', async () => {
      const [id] = await launchRuns(server, 'moved', sampleDefinition({ training: LONG }));
      const { prisma } = server.database;
      await until(async () => (await prisma.checkpoint.count({ where: { runId: id! } })) > 0);
      await workers[0]!.kill('SIGKILL');
      const second = await startElsewhere('two');
      await until(
        async () =>
          (await prisma.attempt.count({ where: { runId: id!, number: 2, state: 'RUNNING' } })) === 1,
      );
      const attempt = await prisma.attempt.findFirstOrThrow({
        where: { runId: id!, number: 2 },
        include: { worker: true },
      });
      assert.equal(attempt.worker!.name, second.name);
      assert.ok(attempt.firstStep > 0 && attempt.firstStep % 50 === 0);
      await server.query('mutation ($id: ID!) { cancelRun(input: { id: $id }) { run { id } } }', { id });
      await waitForRun(server, id!, 'CANCELLED');
    });

    it('leave nothing in database and store that should not be', async () => {
      await Promise.all(workers.map((worker) => worker.kill('SIGTERM')));
      const { database, services } = server;
      const context = { database, blobs: services.blobs, deep: true, graceSeconds: 0 };
      const results = await fsck(
        { ...context, runsFolder: join(folder, 'two', 'data', 'runs') },
        { repair: false },
      );
      assert.deepEqual(
        results.flatMap(({ findings }) => findings.map(({ message }) => message)),
        [],
      );
    });
  });
}
