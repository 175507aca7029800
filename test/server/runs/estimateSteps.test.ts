import assert from 'node:assert/strict';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { insertRun, sampleDataset, sampleDefinition } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

interface Estimate {
  fromEpoch: number;
  relativeCost: number;
  seconds: number | null;
  memoryBytes: number;
  source: string;
  runs: number;
  device: string | null;
}

/** The same sum in another order. */
const ROUNDING = 1e-12;

describe('estimates of a step', () => {
  const server = useServer();
  const datasets: Record<string, string> = {};
  before(async () => {
    for (const name of ['sample', 'other']) {
      const { dataset } = await createDataset(server.database, name, sampleDataset());
      datasets[name] = dataset.id;
    }
  });

  const plan = async (changes: object = {}): Promise<{ definition: object; stepEstimates: Estimate[] }> => {
    const { data, errors } = await server.query<{
      planExperiment: { runs: { definition: object; stepEstimates: Estimate[] }[] };
    }>(
      `query ($input: PlanExperimentInput!) { planExperiment(input: $input) { runs {
         definition stepEstimates { fromEpoch relativeCost seconds memoryBytes source runs device } } } }`,
      { input: { definition: sampleDefinition(changes) } },
    );
    assert.equal(errors, undefined);
    return data.planExperiment.runs[0]!;
  };
  const estimate = async (changes?: object) => (await plan(changes)).stepEstimates[0]!;
  /** A finished run of a definition that took so long. */
  const finished = async (changes: object, seconds: number, device = 'cpu') => {
    const { definition } = await plan(changes);
    const datasetId = datasets[(changes as { dataset?: string }).dataset ?? 'sample']!;
    const run = await insertRun(server.database, {
      definition: definition as never,
      datasetId,
      state: 'FINISHED',
      step: 10,
      computeSeconds: seconds,
    });
    await server.database.prisma.attempt.create({
      data: { runId: run.id, number: 1, state: 'FINISHED', device },
    });
  };
  const headOnly = { freeze: { preset: 'head-only' } };

  it('tell the share of a full step and the memory while nothing has run, and no seconds', async () => {
    const full = await estimate();
    const heads = await estimate(headOnly);
    assert.deepEqual(
      [full.relativeCost, full.seconds, full.source, full.runs, full.device],
      [1, null, 'NOTHING', 0, null],
    );
    assert.ok(heads.relativeCost > 0 && heads.relativeCost < 0.2);
    assert.ok(heads.memoryBytes < full.memoryBytes);
  });

  it('come one for each stage of the freeze rules', async () => {
    const schedule = [
      { epoch: 2, embeddings: true, blocks: 1 },
      { epoch: 3, preset: 'full' },
    ];
    const { stepEstimates } = await plan({
      freeze: { preset: 'head-only', schedule },
      training: { epochs: 3 },
    });
    assert.deepEqual(
      stepEstimates.map(({ fromEpoch }) => fromEpoch),
      [1, 2, 3],
    );
    const [first, second, third] = stepEstimates.map(({ relativeCost }) => relativeCost);
    assert.ok(first! < second! && second! < third!);
    assert.equal(third, 1);
  });

  it('go by runs of other models, then of the model, then of the model on the same data', async () => {
    await finished({ model: 'distilbert-tiny', dataset: 'other' }, 5);
    const byOthers = await estimate();
    assert.deepEqual([byOthers.source, byOthers.runs], ['OTHER_MODELS', 1]);
    assert.ok(byOthers.seconds! > 0);
    await finished({ dataset: 'other' }, 2);
    const byModel = await estimate();
    assert.deepEqual([byModel.source, byModel.runs], ['SAME_MODEL', 1]);
    for (const seconds of [3, 4, 50]) await finished({}, seconds);
    const byData = await estimate();
    assert.deepEqual([byData.source, byData.runs, byData.device], ['SAME_DATA', 3, 'cpu']);
    // The median run took 4 s for ten steps of the very same definition.
    assert.ok(Math.abs(byData.seconds! - 0.4) < ROUNDING);
    const heads = await estimate(headOnly);
    assert.ok(Math.abs(heads.seconds! - 0.4 * heads.relativeCost) < ROUNDING);
  });

  it('go by the device of the newest run alone, and not by runs that were begun twice', async () => {
    await finished({}, 1, 'a faster one');
    const faster = await estimate();
    assert.deepEqual([faster.runs, faster.device], [1, 'a faster one']);
    assert.ok(Math.abs(faster.seconds! - 0.1) < ROUNDING);
    const newest = await server.database.prisma.run.findFirstOrThrow({ orderBy: { sequence: 'desc' } });
    await server.database.prisma.attempt.create({
      data: { runId: newest.id, number: 2, state: 'FINISHED', device: 'a faster one' },
    });
    assert.equal((await estimate()).device, 'cpu');
  });
});
