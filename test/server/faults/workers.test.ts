import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { sampleDataset, sampleDefinition } from '../../support/factories.js';
import { startProxy } from '../../support/cuttableProxy.js';
import { useFaultWorld } from '../../support/faultWorld.js';
import { request } from '../../support/request.js';
import { startServerProcess, type ServerProcess } from '../../support/serverProcess.js';
import { until } from '../../support/until.js';
import { startWorker, type WorkerProcess } from '../../support/workerProcess.js';

/** Takes some seconds; a checkpoint every few tenths of one. */
const training = { epochs: 1_500, batchSize: 2, learningRate: 1e-4, dropout: 0.1, maxLength: 32, seed: 3 };

describe('faults of workers', function () {
  this.timeout(300_000);
  const world = useFaultWorld();
  let server: ServerProcess;
  const workers = new Set<WorkerProcess>();
  const start = async (databaseUrl?: string): Promise<WorkerProcess> => {
    const { config, database } = world;
    const worker = await startWorker(config, database, { databaseUrl });
    workers.add(worker);
    return worker;
  };
  const end = async (worker: WorkerProcess, signal: NodeJS.Signals): Promise<void> => {
    workers.delete(worker);
    await worker.kill(signal);
  };
  before(async () => {
    await createDataset(world.database, 'sample', sampleDataset());
    server = await startServerProcess(world.config, world.postgres.url);
  });
  afterEach(async () => {
    for (const worker of workers) await end(worker, 'SIGTERM');
  });
  after(() => server?.kill('SIGKILL'));

  let experiments = 0;
  const launch = async (definition: object, launchInput: object = {}): Promise<string[]> => {
    const name = `faults ${(experiments += 1)}`;
    await request(
      server.url,
      'mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { experiment { id } } }',
      { input: { name, definition } },
    );
    const { launchExperiment } = await request<{ launchExperiment: { runs: { id: string }[] } }>(
      server.url,
      'mutation ($input: LaunchExperimentInput!) { launchExperiment(input: $input) { runs { id } } }',
      { input: { experiment: name, force: true, ...launchInput } },
    );
    return launchExperiment.runs.map(({ id }) => id);
  };
  const read = (id: string) =>
    world.database.prisma.run.findUniqueOrThrow({
      where: { id },
      include: { attempts: { orderBy: { number: 'asc' } }, metrics: true },
    });
  const finished = async (id: string) => {
    await until(async () => {
      const run = await read(id);
      assert.ok(!['FAILED', 'CANCELLED'].includes(run.state), `${run.state}: ${run.errorMessage}`);
      return run.state === 'FINISHED';
    });
    return read(id);
  };
  const hasCheckpoint = (id: string) => async (): Promise<boolean> =>
    (await world.database.prisma.checkpoint.count({ where: { runId: id, kind: 'checkpoint' } })) > 0;
  const definition = sampleDefinition({ training: { ...training, checkpointEvery: 300 } });
  let undisturbed: string;

  it('a worker killed by SIGKILL is noticed within 20 s, and another one brings its run to the same bits', async () => {
    const first = await start();
    const [calm] = await launch(definition);
    undisturbed = (await finished(calm!)).weightsSha256!;
    const [id] = await launch(definition);
    await until(hasCheckpoint(id!));
    const second = await start();
    await end(first, 'SIGKILL');
    const run = await finished(id!);
    assert.equal(run.weightsSha256, undisturbed);
    assert.deepEqual(
      run.attempts.map(({ state, errorCode }) => [state, errorCode]),
      [
        ['LOST', 'WORKER_LOST'],
        ['FINISHED', null],
      ],
    );
    const { lastSeenAt } = await world.database.prisma.worker.findFirstOrThrow({
      where: { name: first.name },
    });
    const noticed = run.attempts[0]!.finishedAt!.getTime() - lastSeenAt.getTime();
    assert.ok(noticed <= 20_000, `noticed after ${noticed} ms`);
    assert.ok(run.attempts[1]!.firstStep > 0);
    const loss = run.metrics.find(({ name }) => name === 'train/loss')!;
    assert.equal(loss.count, 4_500, 'every step counts once');
    await end(second, 'SIGTERM');
    await world.assertSound();
  });

  it('a worker that loses the network gives its run up to another, and cannot write when it is back', async () => {
    const proxy = await startProxy(world.postgres.port);
    const throughProxy = Object.assign(new URL(world.postgres.url), { port: String(proxy.port) }).toString();
    const cutOff = await start(throughProxy);
    const [id] = await launch(definition);
    await until(hasCheckpoint(id!));
    const other = await start();
    proxy.cut();
    const run = await finished(id!);
    proxy.mend();
    assert.equal(run.weightsSha256, undisturbed);
    assert.equal(run.attempts[0]!.state, 'LOST');
    assert.equal(run.metrics.find(({ name }) => name === 'train/loss')!.count, 4_500);
    // It is back: takes work again, and has written nothing to the run that is over.
    await end(other, 'SIGTERM');
    const [next] = await launch(sampleDefinition());
    const after = await finished(next!);
    assert.equal(after.attempts.length, 1);
    assert.deepEqual(await read(id!), run);
    await end(cutOff, 'SIGTERM');
    proxy.close();
    await world.assertSound();
  });

  it('a worker that is cut off for a minute and has nobody beside it takes its run up again, to the same bits', async () => {
    const proxy = await startProxy(world.postgres.port);
    const throughProxy = Object.assign(new URL(world.postgres.url), { port: String(proxy.port) }).toString();
    const alone = await start(throughProxy);
    const [id] = await launch(definition);
    await until(hasCheckpoint(id!));
    proxy.cut();
    await sleep(60_000);
    // The server has noticed, and the run waits for whoever comes.
    const waiting = await read(id!);
    assert.deepEqual([waiting.state, waiting.attempts.map(({ state }) => state)], ['QUEUED', ['LOST']]);
    proxy.mend();
    const run = await finished(id!);
    assert.equal(run.weightsSha256, undisturbed);
    assert.deepEqual(
      run.attempts.map(({ state }) => state),
      ['LOST', 'FINISHED'],
    );
    assert.equal(run.attempts[1]!.workerId, run.attempts[0]!.workerId);
    assert.equal(run.metrics.find(({ name }) => name === 'train/loss')!.count, 4_500);
    await end(alone, 'SIGTERM');
    proxy.close();
    await world.assertSound();
  });

  it('Postgres restarted while a run trains costs neither the run nor a point', async () => {
    const worker = await start();
    const [id] = await launch(definition);
    await until(hasCheckpoint(id!));
    await world.restartPostgres();
    const run = await finished(id!);
    assert.equal(run.weightsSha256, undisturbed);
    assert.equal(run.metrics.find(({ name }) => name === 'train/loss')!.count, 4_500);
    await end(worker, 'SIGTERM');
    await world.assertSound();
  });

  it('a worker that cannot say that a job is done, as Postgres goes away, says it later and takes the next', async () => {
    const worker = await start();
    const [id] = await launch(sampleDefinition({ training: { ...training, epochs: 300 } }));
    await until(async () => (await read(id!)).state === 'RUNNING');
    const jobs = async (): Promise<number | null> =>
      (await world.database.pool.query('SELECT FROM graphile_worker._private_jobs')).rowCount;
    assert.equal(await jobs(), 1);
    // Whoever reads the job's row holds up its deletion until Postgres is stopped.
    const reader = new pg.Client(world.postgres.url);
    reader.on('error', () => {});
    await reader.connect();
    await reader.query('BEGIN; SELECT FROM graphile_worker._private_jobs FOR UPDATE');
    await until(async () => {
      const { rowCount } = await world.database.pool.query(
        "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'delete from%_private_jobs%'",
      );
      return rowCount === 1;
    });
    assert.equal((await read(id!)).state, 'FINISHED');
    await world.restartPostgres();
    await until(async () => (await jobs()) === 0);
    const [next] = await launch(sampleDefinition());
    await finished(next!);
    assert.equal(worker.output().split(' waits for runs').length, 2, 'it is the same process');
    await end(worker, 'SIGTERM');
    await world.assertSound();
  });

  it('a disk that is full at checkpoint time is told of, and the run goes on', async () => {
    const { config, database } = world;
    const [id] = await launch(definition);
    const worker = await startWorker(config, database, { fileSizeLimit: 8 });
    workers.add(worker);
    await until(async () => {
      const { rows } = await database.pool.query(
        "SELECT 1 FROM log_line WHERE run_id = $1 AND message LIKE '%checkpoint of step 300%'",
        [id],
      );
      return rows.length > 0;
    });
    await until(async () => (await read(id!)).step > 600);
    assert.equal((await read(id!)).state, 'RUNNING');
    await end(worker, 'SIGTERM');
    const roomy = await start();
    assert.equal((await finished(id!)).weightsSha256, undisturbed);
    await end(roomy, 'SIGTERM');
    await world.assertSound();
  });

  it('a clock that jumps an hour back and a day ahead makes no worker look dead and no duration absurd', async () => {
    const { config, database } = world;
    const worker = await startWorker(config, database, { imports: ['./test/support/jumpingClock.mjs'] });
    workers.add(worker);
    const jump = (): boolean => process.kill(worker.pid, 'SIGUSR2');
    const [id] = await launch(definition);
    await until(hasCheckpoint(id!));
    jump();
    await until(async () => (await read(id!)).step > 600);
    jump();
    const run = await finished(id!);
    assert.equal(run.attempts.length, 1);
    assert.equal(run.weightsSha256, undisturbed);
    assert.ok(run.computeSeconds! > 0 && run.computeSeconds! < 300, `${run.computeSeconds} s`);
    const seconds = run.metrics.find(({ name }) => name === 'epoch/seconds')!;
    assert.ok(seconds.min! >= 0 && seconds.max! < 300);

    // While Postgres is away, a day that did not pass uses up nobody's patience.
    const [patient] = await launch(definition);
    await until(hasCheckpoint(patient!));
    await world.restartPostgres(async () => {
      jump();
      await sleep(1_000); // for the worker to try, and fail
    });
    const patiently = await finished(patient!);
    assert.equal(patiently.attempts.length, 1);
    assert.equal(patiently.weightsSha256, undisturbed);
    await end(worker, 'SIGTERM');
    await world.assertSound();
  });

  it('a run that kills every worker is given up after three, and those behind it are trained', async () => {
    const [poison] = await launch(sampleDefinition({ training: { ...training, epochs: 50_000 } }));
    const [behind] = await launch(sampleDefinition());
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const victim = await start();
      await until(async () => (await read(poison!)).attempts[attempt - 1]?.state === 'RUNNING');
      await end(victim, 'SIGKILL');
    }
    // The server notices it too, when no worker is left that could.
    await until(async () => (await read(poison!)).attempts[2]?.state === 'LOST');
    const healthy = await start();
    await finished(behind!);
    await until(async () => (await read(poison!)).state !== 'RUNNING');
    const run = await read(poison!);
    assert.deepEqual([run.state, run.errorCode, run.attempts.length], ['FAILED', 'WORKER_LOST', 3]);
    await end(healthy, 'SIGTERM');
    await world.assertSound();
  });

  it('fifty runs among three workers that are killed at random, and two servers, leave nothing behind', async () => {
    const other = await startServerProcess(world.config, world.postgres.url);
    const seeds = Array.from({ length: 50 }, (_, seed) => seed);
    const ids = await launch({
      ...sampleDefinition({ training: { ...training, epochs: 40, checkpointEvery: 20 } }),
      sweep: { 'training.seed': seeds },
    });
    assert.equal(ids.length, 50);
    const crew = [await start(), await start(), await start()];
    const left = async (): Promise<number> => {
      const { run } = world.database.prisma;
      const lost = await run.findMany({ where: { id: { in: ids }, state: { in: ['FAILED', 'CANCELLED'] } } });
      assert.deepEqual(
        lost.map(({ id, errorMessage }) => `${id}: ${errorMessage}`),
        [],
      );
      return run.count({ where: { id: { in: ids }, NOT: { state: 'FINISHED' } } });
    };
    for (const at of [40, 25, 10]) {
      await until(async () => (await left()) <= at);
      await end(crew.shift()!, 'SIGKILL');
      crew.push(await start());
    }
    await until(async () => (await left()) === 0);
    const { runs } = await request<{ runs: { totalCount: number } }>(
      other.url,
      '{ runs(where: { state: [FINISHED] }) { totalCount } }',
    );
    assert.ok(runs.totalCount >= 50);
    for (const worker of crew) await end(worker, 'SIGTERM');
    // A worker killed just after it finished a run is busy until its death is noticed.
    await until(async () => (await world.database.prisma.worker.count({ where: { state: 'BUSY' } })) === 0);
    await other.kill('SIGTERM');
    await world.assertSound();
  });
});
