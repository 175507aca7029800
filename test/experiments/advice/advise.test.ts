import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';

import {
  advise,
  makeDataset,
  openEncoder,
  parseDefinition,
  RandomStream,
  resolveModel,
  train,
  type Advice,
  type Dataset,
  type Definition,
  type ResolvedModel,
} from '../../../experiments/index.js';
import { boundaryFeatures } from '../../../experiments/advice/boundaryFeatures.js';
import { openRuntime } from '../../../experiments/runtime/device.js';
import { prepareTraining } from '../../../experiments/training/setup.js';
import { assertClose } from '../../support/closeness.js';
import { useFolder } from '../../support/folder.js';
import { fixturesFolder } from '../../support/torchCases.js';

const words = {
  Technology: ['compiler', 'phone', 'build', 'software'],
  Science: ['telescope', 'moon', 'glacier', 'cell'],
};

/** Sentences whose words tell their topic; a third of them carry a mood too. */
function sentences(count: number, validation: number): Dataset {
  const draw = new RandomStream(5, 'sentences').uniform(0, count * 3);
  const rows = Array.from({ length: count }, (_, row) => {
    const topic = row % 2 === 0 ? 'Technology' : 'Science';
    const [a, b, mood] = [0, 1, 2].map((k) => Math.floor(draw[row * 3 + k] * 4));
    const sentence = `the ${words[topic][a]} and a ${words[topic][b]} ${mood > 1 ? 'are good' : 'are bad'}`;
    const labels: Record<string, string> = { topic };
    if (row % 3 === 0) labels.mood = mood > 1 ? 'glad' : 'sad';
    return {
      sentence,
      labels,
      split: row < count - validation ? ('train' as const) : ('validation' as const),
    };
  });
  return makeDataset(rows, ['topic', 'mood']);
}

function define(freeze: object, training: object = {}): Definition {
  const { definition } = parseDefinition({
    model: 'bert-tiny',
    dataset: 'rows',
    tasks: [{ name: 'topic' }, { name: 'mood', weight: 0.5 }],
    freeze,
    training: { epochs: 2, batchSize: 8, learningRate: 5e-3, seed: 3, ...training },
  });
  return definition;
}

describe('advice before a run', () => {
  const folder = useFolder();
  let model: ResolvedModel;
  let advice: Advice;
  const dataset = sentences(120, 40);

  before(async () => {
    model = await resolveModel('models/bert-tiny', {
      baseFolder: fixturesFolder,
      cacheFolder: tmpdir(),
      offline: true,
    });
    advice = await advise({ definition: define({ preset: 'full' }), dataset, model, device: 'cpu' });
  });

  it('looks at every boundary, from nothing frozen to all but the heads', () => {
    assert.deepEqual(
      advice.boundaries.map(({ boundary, label }) => [boundary, label]),
      [
        [0, 'full'],
        [1, 'embeddings frozen'],
        [2, 'embeddings + 1 of 2 blocks frozen'],
        [3, 'head-only'],
      ],
    );
    assert.equal(advice.boundaries[0].trainableShare, 1);
    const shares = advice.boundaries.map(({ trainableShare }) => trainableShare);
    assert.deepEqual(
      [...shares].sort((a, b) => b - a),
      shares,
    );
    for (const { freeze } of advice.boundaries) define(freeze);
  });

  it('probes the features of the frozen part, for each task, with the spread', () => {
    assert.deepEqual(advice.boundaries[0].probe, {});
    for (const { probe } of advice.boundaries.slice(1)) {
      assert.deepEqual(Object.keys(probe), ['topic', 'mood']);
      assert.deepEqual([probe.topic.trainedOn, probe.topic.scoredOn], [80, 40]);
      assert.ok(probe.topic.accuracy > 0.9, 'the words tell the topic even at random weights');
    }
  });

  it('tries the first steps of the very run that training makes', async () => {
    assert.deepEqual([advice.trialSteps, advice.totalSteps], [10, 20]);
    for (const boundary of [0, 2, 3]) {
      const { stepLosses, freeze } = advice.boundaries[boundary];
      const losses: number[] = [];
      await train({
        definition: define(freeze),
        dataset,
        model,
        device: 'cpu',
        onEvent: (event) => void (event.type === 'step' && losses.push(event.loss)),
      });
      assert.deepEqual(stepLosses, losses.slice(0, advice.trialSteps));
    }
  });

  it('tells time and memory', () => {
    const [full, withoutEmbeddings] = advice.boundaries;
    assert.ok(full.memoryBytes > withoutEmbeddings.memoryBytes);
    for (const { seconds } of advice.boundaries) {
      assert.ok(seconds.step > 0);
      assert.ok(Math.abs(seconds.laterEpoch - 10 * seconds.step) < 1e-9);
      assert.ok(Math.abs(seconds.run - seconds.firstEpoch - seconds.laterEpoch) < 1e-9);
    }
    assert.ok(advice.boundaries[3].seconds.firstEpoch > advice.boundaries[3].seconds.laterEpoch);
  });

  it('gives the same accuracies and the same recommendation again, and leaves nothing behind', async () => {
    const usual = process.env.TMPDIR;
    process.env.TMPDIR = folder.path;
    const again = await advise({
      definition: define({ preset: 'full' }),
      dataset,
      model,
      device: 'cpu',
    }).finally(() => {
      if (usual === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = usual;
    });
    assert.deepEqual(
      again.boundaries.map(({ probe, trial }) => ({ probe, trial })),
      advice.boundaries.map(({ probe, trial }) => ({ probe, trial })),
    );
    assert.equal(again.recommendation.boundary, advice.recommendation.boundary);
    assert.deepEqual(readdirSync(folder.path), []);
  });

  it('cross-validates, and holds training rows out, where there is no validation split', async () => {
    const rowsOnly = sentences(120, 0);
    const result = await advise({
      definition: define({ heads: ['mood'] }),
      dataset: rowsOnly,
      model,
      steps: 4,
    });
    assert.deepEqual(result.scoredOn, { split: 'train', rows: 24 });
    assert.ok(result.boundaries[1].probe.topic.scoredOn > 90);
    assert.deepEqual(result.boundaries[3].freeze, {
      embeddings: true,
      blocks: 2,
      heads: ['mood'],
      parameters: [],
    });
  });

  it('is refused where no head is left to train, or too few rows', async () => {
    await assert.rejects(
      advise({ definition: define({ heads: ['topic', 'mood'] }), dataset, model }),
      /^FrostlineError: freeze\.heads: expected a head that is left to train/,
    );
    const { rows, tasks } = sentences(120, 0);
    const few = makeDataset(
      rows.map((row, index) => (index < 8 ? row : { ...row, split: 'test' })),
      tasks,
    );
    await assert.rejects(
      advise({ definition: define({ preset: 'full' }), dataset: few, model }),
      /^FrostlineError: dataset: expected a validation split, or at least 10 labelled training rows/,
    );
  });

  it('stops when asked to', async () => {
    const controller = new AbortController();
    await assert.rejects(
      advise({
        definition: define({ preset: 'full' }),
        dataset,
        model,
        signal: controller.signal,
        onProgress: ({ label }) => label.startsWith('trial') && controller.abort(),
      }),
      { code: 'CANCELLED' },
    );
  });

  it('takes features at the last boundary that are the embeddings themselves', async () => {
    const definition = define({ preset: 'full' });
    const setup = prepareTraining({ definition, dataset, model, onEvent: () => {} });
    const rows = [5, 0, 17];
    const features = await boundaryFeatures({
      config: model.config,
      tensors: setup.initial,
      tokenized: setup.tokenized,
      rows,
      runtime: await openRuntime('cpu'),
      onProgress: () => {},
    });
    const encoder = await openEncoder(model, { maxLength: definition.training.maxLength });
    const expected = await encoder.embed(
      rows.map((row) => dataset.rows[row].sentence),
      { normalize: false },
    );
    await encoder.close();
    rows.forEach((row, index) => assertClose(features.at(3, row), expected[index], 1e-6, `row ${row}`));
    assert.notDeepEqual(features.at(1, 5), features.at(2, 5));
  });
});
