import assert from 'node:assert/strict';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { enqueueRun } from '../../../server/queue/runQueue.js';
import { createFreezeConfig } from '../../../server/runs/freezeConfigs.js';
import { insertRun, sampleDataset, sampleDefinition } from '../../support/factories.js';
import { type TestServer, useServer } from '../../support/server.js';
import { subscribe } from '../../support/subscribe.js';
import { until } from '../../support/until.js';
import { startWorker, type WorkerProcess } from '../../support/workerProcess.js';

interface RunAnswer {
  id: string;
  name: string;
  state: string;
  weightsSha256: string | null;
  progress: { step: number; totalSteps: number; epoch: number; fraction: number };
  metrics: { name: string; count: number; last: number; lastStep: number }[];
  attempts: {
    number: number;
    firstStep: number;
    state: string;
    worker: string;
    device: string;
    error: { code: string } | null;
  }[];
  provenance: Record<string, unknown>;
  cost: { queuedSeconds: number; computeSeconds: number };
  checkpoints: { kind: string; step: number; bytes: number; sha256: string }[];
  logs: { totalCount: number; edges: { node: { level: string; message: string } }[] };
  error: { code: string; message: string } | null;
  freeze: { trainableShare: number };
}

const RUN = `fragment Everything on Run {
  id name state weightsSha256 progress { step totalSteps epoch fraction }
  metrics { name count last lastStep }
  attempts { number firstStep state worker device error { code } }
  provenance {
    datasetDigest backboneSha256 tokenizerSha256 backboneSource randomWeights engineVersion nodeVersion packages device cpu
    threads command gitCommit
  }
  cost { queuedSeconds computeSeconds }
  checkpoints { kind step bytes sha256 }
  logs { totalCount edges { node { level message } } }
  error { code message }
  freeze { trainableShare }
}`;

/** A run of so many epochs that it is still going on when the test acts on it. */
const LONG = { epochs: 5_000, batchSize: 2, learningRate: 1e-4, dropout: 0, maxLength: 32 };

async function launch(
  server: TestServer,
  name: string,
  definition: object,
  freezeConfigs?: string[],
): Promise<string[]> {
  const created = await server.query(
    'mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { experiment { id } } }',
    { input: { name, definition, freezeConfigs } },
  );
  assert.equal(created.errors, undefined);
  const { data } = await server.query<{ launchExperiment: { runs: { id: string }[] } }>(
    'mutation ($input: LaunchExperimentInput!) { launchExperiment(input: $input) { runs { id } } }',
    { input: { experiment: name } },
  );
  return data.launchExperiment.runs.map(({ id }) => id);
}

async function read(server: TestServer, id: string): Promise<RunAnswer> {
  const { data, errors } = await server.query<{ run: RunAnswer }>(
    `query ($id: ID!) { run(id: $id) { ...Everything } } ${RUN}`,
    { id },
  );
  assert.equal(errors, undefined);
  return data.run;
}

async function waitFor(server: TestServer, id: string, ...states: string[]): Promise<RunAnswer> {
  const over = ['FINISHED', 'FAILED', 'CANCELLED'];
  await until(async () => {
    const { state } = await server.database.prisma.run.findUniqueOrThrow({ where: { id } });
    return states.includes(state) || over.includes(state);
  });
  const run = await read(server, id);
  assert.ok(states.includes(run.state), `${run.state}: ${JSON.stringify(run.error)}`);
  return run;
}

describe('a worker process', () => {
  const server = useServer();
  let worker: WorkerProcess;
  before(async () => {
    await createDataset(server.database, 'sample', sampleDataset());
    for (const preset of ['full', 'head-only', 'frozen']) {
      await createFreezeConfig(server.database, { name: preset, rules: { preset } });
    }
    worker = await startWorker(server.config, server.database);
  });

  it('trains what is launched, tells subscribers meanwhile, and leaves everything that decided the numbers', async () => {
    const changes = subscribe<{ runChanged: { id: string; state: string } }>(
      server.url,
      'subscription { runChanged { id state } }',
    );
    const ids = await launch(server, 'main', sampleDefinition(), ['full', 'head-only', 'frozen']);
    const metrics = subscribe<{ metricsAppended: { runId: string; name: string }[] }>(
      server.url,
      'subscription ($ids: [ID!]!) { metricsAppended(runIds: $ids, names: ["train/loss"]) { runId name } }',
      { ids },
    );
    const runs = [];
    for (const id of ids) runs.push(await waitFor(server, id, 'FINISHED'));
    const [full, headOnly, frozen] = runs as [RunAnswer, RunAnswer, RunAnswer];

    const metric = (run: RunAnswer, name: string) =>
      run.metrics.find((candidate) => candidate.name === name)!;
    const isOfMachine = ({ name }: { name: string }): boolean => name.startsWith('system/');
    assert.deepEqual(
      full.metrics.filter(isOfMachine).map(({ name }) => name),
      ['system/cpu', 'system/memory', 'system/processMemory'],
    );
    assert.deepEqual(
      full.metrics.flatMap((of) => (isOfMachine(of) ? [] : [[of.name, of.count, of.lastStep]])),
      [
        ['epoch/loss', 2, 6],
        ['epoch/lossSum', 2, 6],
        ['epoch/seconds', 2, 6],
        ['epoch/sentiment/accuracy', 2, 6],
        ['epoch/topic/accuracy', 2, 6],
        ['train/learningRate', 6, 6],
        ['train/loss', 6, 6],
        ['train/sentiment/loss', 6, 6],
        ['train/topic/loss', 6, 6],
      ],
    );
    assert.ok(Math.abs(metric(full, 'epoch/lossSum').last / 3 - metric(full, 'epoch/loss').last) < 1e-9);
    assert.deepEqual(full.progress, { step: 6, totalSteps: 6, epoch: 2, fraction: 1 });
    assert.deepEqual(
      full.attempts.map(({ number, state, worker: name }) => [number, state, name]),
      [[1, 'FINISHED', worker.name]],
    );
    assert.equal(frozen.freeze.trainableShare, 0);

    const { provenance } = headOnly;
    for (const digest of ['datasetDigest', 'backboneSha256', 'tokenizerSha256']) {
      assert.match(provenance[digest] as string, /^[0-9a-f]{64}$/, digest);
    }
    assert.equal(provenance.nodeVersion, process.version);
    assert.equal(provenance.randomWeights, false);
    assert.ok((provenance.packages as Record<string, string>)['onnxruntime-node']);
    for (const field of ['engineVersion', 'device', 'threads', 'command'])
      assert.ok(provenance[field], field);

    for (const run of runs) {
      assert.match(run.weightsSha256!, /^[0-9a-f]{64}$/);
      assert.deepEqual(
        run.checkpoints.map(({ kind }) => kind),
        ['final'],
      );
      assert.ok(await server.services.blobs.has(run.checkpoints[0]!.sha256));
      assert.ok(run.logs.totalCount >= 2);
      assert.ok(run.cost.computeSeconds > 0 && run.cost.queuedSeconds >= 0);
    }
    assert.ok(
      headOnly.checkpoints[0]!.bytes < full.checkpoints[0]!.bytes,
      'frozen tensors are not stored again',
    );

    await changes.until(({ runChanged }) => runChanged.id === ids[2] && runChanged.state === 'FINISHED');
    const told = changes.received
      .filter(({ runChanged }) => runChanged.id === ids[0])
      .map(({ runChanged }) => runChanged.state);
    const order = ['QUEUED', 'STARTING', 'RUNNING', 'FINISHED'];
    assert.deepEqual(
      told,
      told.toSorted((one, other) => order.indexOf(one) - order.indexOf(other)),
    );
    assert.equal(told.at(-1), 'FINISHED');
    await metrics.until(({ metricsAppended }) => metricsAppended.some(({ runId }) => runId === ids[2]));
    await Promise.all([changes.close(), metrics.close()]);

    const { data } = await server.query<{
      compareRuns: { settings: { path: string }[]; metrics: { name: string; deltas: number[] }[] };
    }>('query ($ids: [ID!]!) { compareRuns(ids: $ids) { settings { path } metrics { name deltas } } }', {
      ids,
    });
    assert.deepEqual(
      data.compareRuns.settings.map(({ path }) => path),
      ['freeze.preset'],
    );
    const { deltas } = data.compareRuns.metrics.find(({ name }) => name === 'epoch/loss')!;
    assert.equal(deltas[1], metric(headOnly, 'epoch/loss').last - metric(full, 'epoch/loss').last);
  });

  it('leaves weights that answer embed queries: the backbone itself when it was frozen, others when it was trained', async () => {
    const { data } = await server.query<{
      experiment: { runs: { edges: { node: { id: string; name: string } }[] } };
    }>('{ experiment(name: "main") { runs { edges { node { id name } } } } }');
    const idOf = (name: string) => data.experiment.runs.edges.find(({ node }) => node.name === name)!.node.id;
    const embed = async (input: object) => {
      const answer = await server.query<{
        embed: {
          embeddings: number[][];
          dimensions: number;
          model: { model: string; run: string | null; weightsSha256: string };
        };
      }>(
        'query ($input: EmbedInput!) { embed(input: $input) { embeddings dimensions model { model run weightsSha256 } } }',
        { input: { sentences: ['A sentence.', 'Another one, longer.'], maxLength: 32, ...input } },
      );
      assert.equal(answer.errors, undefined);
      return answer.data.embed;
    };
    const base = await embed({ model: 'bert-tiny' });
    const headOnly = await embed({ run: idOf('head-only') });
    const full = await embed({ run: idOf('full') });
    assert.equal(base.embeddings.length, 2);
    assert.ok(base.embeddings.every((vector) => vector.length === base.dimensions));
    assert.ok(Math.abs(Math.hypot(...base.embeddings[0]!) - 1) < 1e-6);
    assert.deepEqual(headOnly.embeddings, base.embeddings);
    assert.notDeepEqual(full.embeddings, base.embeddings);
    assert.equal(full.model.run, idOf('full'));
  });

  it('returns the finished run when the same definition is launched again', async () => {
    const [first] = await launch(
      server,
      'once',
      sampleDefinition({ training: { epochs: 1, seed: 11, maxLength: 32 } }),
    );
    await waitFor(server, first!, 'FINISHED');
    const [again] = await launch(
      server,
      'once more',
      sampleDefinition({ training: { epochs: 1, seed: 11, maxLength: 32 } }),
    );
    assert.equal(again, first);
  });

  it('ends a run within its step when it is cancelled', async () => {
    const [id] = await launch(server, 'cancelled', sampleDefinition({ training: LONG }));
    await waitFor(server, id!, 'RUNNING');
    await server.query('mutation ($input: RunInput!) { cancelRun(input: $input) { run { id } } }', {
      input: { id },
    });
    const run = await waitFor(server, id!, 'CANCELLED');
    assert.equal(run.attempts[0]!.state, 'CANCELLED');
    assert.ok(run.metrics.length > 0, 'what it did until then is kept');
  });

  it('does not try again what fails by its input, and says why', async () => {
    const definition = { ...sampleDefinition({ dataset: 'sample@1', model: 'nobody/nothing' }) };
    const run = await queueUnchecked(definition);
    const failed = await waitFor(server, run.id, 'FAILED');
    assert.equal(failed.error!.code, 'BAD_USER_INPUT');
    assert.match(failed.error!.message, /nobody\/nothing/);
    assert.equal(failed.attempts.length, 1);
    assert.equal(failed.logs.edges.at(-1)!.node.level, 'error');
  });

  it('tries again what fails by a fault of ours, and keeps the details to its own log', async () => {
    const run = await queueUnchecked({ ...sampleDefinition({ dataset: 'sample@1' }), tasks: 'nonsense' });
    const failed = await waitFor(server, run.id, 'FAILED');
    assert.equal(failed.error!.code, 'INTERNAL');
    assert.deepEqual(
      failed.attempts.map(({ state }) => state),
      ['FAILED', 'FAILED', 'FAILED'],
    );
    const [id] = /[0-9a-f-]{36}/.exec(failed.error!.message)!;
    assert.match(worker.output(), new RegExp(`"id":"${id}","stack":"TypeError`));
  });

  /** What createExperiment would have refused. */
  async function queueUnchecked(definition: object) {
    const run = await insertRun(server.database, { definition: definition as never, state: 'QUEUED' });
    await enqueueRun(server.database.pool, run.id);
    return run;
  }
});

describe('workers that die', () => {
  const server = useServer();
  const workers: WorkerProcess[] = [];
  const start = async () => {
    const worker = await startWorker(server.config, server.database);
    workers.push(worker);
    return worker;
  };
  before(() => createDataset(server.database, 'sample', sampleDataset()));

  it('lose their run to another worker, which goes on from the last checkpoint', async () => {
    const first = await start();
    const [id] = await launch(
      server,
      'killed',
      sampleDefinition({ training: { ...LONG, checkpointEvery: 50 } }),
    );
    await until(async () => (await read(server, id!)).checkpoints.length > 0);
    await first.kill('SIGKILL');
    const second = await start();
    await until(async () => {
      const { attempts } = await read(server, id!);
      return attempts.length === 2 && attempts[1]!.state === 'RUNNING';
    });
    const run = await read(server, id!);
    assert.deepEqual(
      run.attempts.map(({ number, state, worker, error }) => [number, state, worker, error?.code ?? null]),
      [
        [1, 'LOST', first.name, 'WORKER_LOST'],
        [2, 'RUNNING', second.name, null],
      ],
    );
    assert.ok(run.attempts[1]!.firstStep > 0);
    assert.equal(run.attempts[1]!.firstStep % 50, 0);
    const loss = run.metrics.find(({ name }) => name === 'train/loss')!;
    assert.equal(loss.count, loss.lastStep, 'every step counts once');
    const { data } = await server.query<{
      workers: { name: string; state: string; currentRun: { id: string } | null }[];
    }>('{ workers { name state currentRun { id } } }');
    assert.deepEqual(
      data.workers.map(({ name, state, currentRun }) => [name, state, currentRun?.id ?? null]),
      [
        [second.name, 'BUSY', id],
        [first.name, 'LOST', null],
      ],
    );
  });

  it('put their run back into the queue when they are stopped in good order', async () => {
    const [second] = workers.slice(-1);
    const { rows } = await server.database.pool.query<{ id: string }>(
      "SELECT id FROM run WHERE state = 'RUNNING'",
    );
    const { id } = rows[0]!;
    await second!.kill('SIGTERM');
    const run = await read(server, id);
    assert.equal(run.state, 'QUEUED');
    assert.deepEqual(
      run.attempts.map(({ state, error }) => [state, error?.code]),
      [
        ['LOST', 'WORKER_LOST'],
        ['LOST', 'WORKER_STOPPED'],
      ],
    );
    const stopped = await server.database.prisma.worker.findFirstOrThrow({ where: { name: second!.name } });
    assert.equal(stopped.state, 'STOPPED');
    const jobs = await server.database.pool.query('SELECT locked_at FROM graphile_worker.jobs');
    assert.deepEqual(jobs.rows, [{ locked_at: null }]);
    await server.query('mutation ($input: RunInput!) { cancelRun(input: $input) { run { id } } }', {
      input: { id },
    });
  });
});
