import assert from 'node:assert/strict';
import { makeDataset } from '../../../experiments/data/dataset.js';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { insertRun, sampleDataset, sampleDefinition } from '../../support/factories.js';
import { launchRuns } from '../../support/runs.js';
import { useServer } from '../../support/server.js';
import { subscribe } from '../../support/subscribe.js';
import { startWorker } from '../../support/workerProcess.js';

interface AdviceAnswer {
  id: string;
  state: string;
  definition: { dataset: string; tasks: { classes: string[] }[] };
  definitionDigest: string;
  device: string | null;
  scoredOn: { split: string; rows: number } | null;
  trialSteps: number | null;
  totalSteps: number | null;
  boundaries: {
    boundary: number;
    label: string;
    freeze: object;
    trainableShare: number;
    tasks: {
      task: string;
      probe: { accuracy: number; standardError: number; scoredOn: number } | null;
      trial: { accuracy: number; standardError: number; loss: number } | null;
    }[];
    trialAccuracy: number;
    stepLosses: number[];
    stepSeconds: number;
    firstEpochSeconds: number;
    laterEpochSeconds: number;
    runSeconds: number;
    memoryBytes: number;
  }[];
  recommendation: { boundary: number | null; best: number; reason: string } | null;
  seconds: number | null;
  error: { code: string; message: string } | null;
}

const ADVICE = `fragment All on Advice {
  id state definition definitionDigest device scoredOn { split rows } trialSteps totalSteps
  boundaries {
    boundary label freeze trainableShare trialAccuracy stepLosses stepSeconds firstEpochSeconds laterEpochSeconds runSeconds
    memoryBytes tasks { task probe { accuracy standardError scoredOn } trial { accuracy standardError loss } }
  }
  recommendation { boundary best reason } seconds error { code message }
}`;

/** Sentences whose first word tells the topic; every fourth is for validation. */
function rows(): ReturnType<typeof makeDataset> {
  const words = { Technology: ['compiler', 'phone', 'software'], Science: ['telescope', 'moon', 'glacier'] };
  const sentences = Array.from({ length: 64 }, (_, index) => {
    const topic = index % 2 === 0 ? ('Technology' as const) : ('Science' as const);
    const sentence = `the ${words[topic][(index >> 1) % 3]} is number ${index}`;
    return {
      sentence,
      labels: { topic },
      split: index % 8 < 2 ? ('validation' as const) : ('train' as const),
    };
  });
  return makeDataset(sentences, ['topic']);
}

describe('advice through the API', () => {
  const server = useServer();
  before(async () => {
    await createDataset(server.database, 'words', rows());
    await createDataset(server.database, 'sample', sampleDataset());
    await startWorker(server.config, server.database);
  });

  const definition = (freeze: object = { preset: 'full' }): Record<string, unknown> =>
    sampleDefinition({ dataset: 'words', tasks: [{ name: 'topic', hidden: 16 }], freeze });
  const ask = (input: object) =>
    server.query<{ adviseExperiment: { advice: AdviceAnswer } }>(
      `mutation ($input: AdviseExperimentInput!) { adviseExperiment(input: $input) { advice { ...All } } } ${ADVICE}`,
      { input },
    );
  const outcome = async (id: string): Promise<AdviceAnswer[]> => {
    const changes = subscribe<{ adviceChanged: AdviceAnswer }>(
      server.url,
      `subscription ($id: ID!) { adviceChanged(id: $id) { ...All } } ${ADVICE}`,
      { id },
    );
    await changes.until(({ adviceChanged }) => ['FINISHED', 'FAILED'].includes(adviceChanged.state));
    await changes.close();
    return changes.received.map(({ adviceChanged }) => adviceChanged);
  };
  const newest = (json: object) =>
    server.query<{ newestAdvice: AdviceAnswer | null }>(
      `query ($definition: JSON!) { newestAdvice(definition: $definition) { ...All } } ${ADVICE}`,
      { definition: json },
    );

  it('measures every boundary in a worker and recommends one, with rules that an experiment takes', async () => {
    assert.equal((await newest(definition())).data.newestAdvice, null);
    const { data, errors } = await ask({ definition: definition(), steps: 8 });
    assert.equal(errors, undefined);
    const asked = data.adviseExperiment.advice;
    assert.equal(asked.definition.dataset, 'words@1');
    assert.deepEqual(asked.definition.tasks[0]!.classes, ['Science', 'Technology']);
    const found = (await outcome(asked.id)).at(-1)!;
    assert.equal(found.state, 'FINISHED', JSON.stringify(found.error));
    assert.deepEqual([found.trialSteps, found.totalSteps], [8, 48]);
    assert.deepEqual(found.scoredOn, { split: 'validation', rows: 16 });
    assert.match(found.device!, /ONNX Runtime/);
    assert.ok(found.seconds! > 0);
    assert.deepEqual(
      found.boundaries.map(({ boundary, label }) => [boundary, label]),
      [
        [0, 'full'],
        [1, 'embeddings frozen'],
        [2, 'embeddings + 1 of 2 blocks frozen'],
        [3, 'head-only'],
      ],
    );
    for (const { boundary, ...measured } of found.boundaries) {
      const [{ task, probe, trial }] = measured.tasks as [AdviceAnswer['boundaries'][0]['tasks'][0]];
      assert.equal(task, 'topic');
      assert.equal(probe === null, boundary === 0, 'nothing frozen has no features to probe');
      assert.ok(trial!.accuracy >= 0 && trial!.accuracy <= 1 && trial!.standardError >= 0);
      assert.equal(measured.trialAccuracy, trial!.accuracy);
      assert.equal(measured.stepLosses.length, 8);
      assert.ok(measured.firstEpochSeconds >= measured.laterEpochSeconds);
      assert.ok(measured.runSeconds > measured.firstEpochSeconds && measured.memoryBytes > 1e6);
    }
    const { boundary, best, reason } = found.recommendation!;
    assert.match(reason, /after 8 steps/);
    const { freeze } = found.boundaries[boundary ?? best]!;
    const [runId] = await launchRuns(server, 'as advised', definition(freeze));
    const run = await server.database.prisma.run.findUniqueOrThrow({ where: { id: runId! } });
    assert.equal((run.freeze as { label: string }).label, found.boundaries[boundary ?? best]!.label);
    assert.equal((await newest(run.definition as object)).data.newestAdvice?.id, found.id);
  });

  it('is not repeated for other freeze rules, but for other steps and when it is forced', async () => {
    const idOf = async (input: object): Promise<string> => (await ask(input)).data.adviseExperiment.advice.id;
    const first = await idOf({ definition: definition(), steps: 8 });
    assert.equal(await idOf({ definition: definition({ preset: 'head-only' }), steps: 8 }), first);
    const shorter = await idOf({ definition: definition(), steps: 4 });
    assert.notEqual(shorter, first);
    const forced = await idOf({ definition: definition(), steps: 8, force: true });
    assert.notEqual(forced, first);
    assert.equal((await newest(definition({ blocks: 1 }))).data.newestAdvice!.id, forced);
    for (const id of [shorter, forced]) {
      const states = (await outcome(id)).map(({ state }) => state);
      assert.equal(states.at(-1), 'FINISHED');
    }
  });

  it('says why when it cannot be given', async () => {
    const { data } = await ask({ definition: sampleDefinition() });
    const failed = (await outcome(data.adviseExperiment.advice.id)).at(-1)!;
    assert.equal(failed.state, 'FAILED');
    assert.equal(failed.error!.code, 'BAD_USER_INPUT');
    assert.match(failed.error!.message, /^dataset: expected a validation split, or at least 10 labelled/);
    assert.deepEqual([failed.boundaries, failed.recommendation], [[], null]);
  });

  it('refuses definitions that do not fit, trials of too few steps, and ids that nothing has', async () => {
    const cases: [object, string, RegExp][] = [
      [{ definition: definition({ blocks: 3 }) }, 'freeze.blocks', /at most 2/],
      [{ definition: { ...definition(), dataset: 'nowhere' } }, 'dataset', /stored dataset/],
      [{ definition: definition(), steps: 2 }, 'steps', /from 4 to 10000, got 2/],
    ];
    for (const [input, path, message] of cases) {
      const { errors } = await ask(input);
      assert.deepEqual(errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path });
      assert.match(errors[0].message, message);
    }
    const { id } = await insertRun(server.database);
    for (const other of ['nobody', id]) {
      const { data } = await server.query('query ($id: ID!) { advice(id: $id) { id } }', { id: other });
      assert.deepEqual(data, { advice: null });
    }
    const changes = subscribe(server.url, 'subscription { adviceChanged(id: "nobody") { id } }');
    await assert.rejects(
      changes.until(() => false),
      /there is no advice/,
    );
  });
});
