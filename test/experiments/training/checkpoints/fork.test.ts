import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readSafetensors, writeSafetensors, type HostTensor } from '../../../../experiments/index.js';
import { useFolder } from '../../../support/folder.js';
import { sampleRequest, trainSample, type SampleOptions } from '../sampleRun.js';
import { bytesOf } from '../trainCase.js';

/** Without chance, so that four epochs are the same as two and two more. */
const plain = { dropout: 0, shuffle: false, evaluateEvery: null, checkpointEvery: 6, keepCheckpoints: 'all' };

describe('a forked run', () => {
  const folder = useFolder();
  const checkpoint = (step = 6): string => join(folder.path, `step-${step}.safetensors`);

  async function trainParent(options: SampleOptions = {}): Promise<Map<string, HostTensor>> {
    const training = { ...plain, epochs: 2, ...options.training };
    return (await trainSample({ outputFolder: folder.path, ...options, training })).trained.tensors;
  }

  for (const [name, training] of Object.entries({
    'a table of which few rows move': {},
    'weight decay, which moves all': { weightDecay: 0.1 },
  })) {
    it(`goes on with weights and moments of its parent, with ${name}`, async () => {
      await trainParent({ training });
      const whole = await trainSample({ training: { ...plain, epochs: 4, ...training } });
      const { trained, logs } = await trainSample({
        forkFrom: { checkpoint: checkpoint() },
        training: { ...plain, epochs: 2, ...training },
      });
      assert.equal(trained.weightsSha256, whole.trained.weightsSha256);
      assert.match(logs.join(), /Begins with the weights and moments of step 6/);
      const { dataset } = await sampleRequest();
      assert.equal(trained.parent?.step, 6);
      assert.equal(trained.parent?.datasetDigest, dataset.digest);
    });
  }

  it('may have other settings', async () => {
    const parent = await trainParent();
    const { trained } = await trainSample({
      forkFrom: { checkpoint: readFileSync(checkpoint()), source: 'parent' },
      training: { ...plain, epochs: 1, learningRate: 1e-9, weightDecay: 0, seed: 99, batchSize: 3 },
    });
    for (const [name, { data }] of trained.tensors) {
      const before = parent.get(name)?.data as Float32Array;
      (data as Float32Array).forEach((value, index) =>
        assert.ok(Math.abs(value - before[index]) < 1e-6, name),
      );
    }
  });

  it('that freezes more keeps the weights that its parent trained', async () => {
    const parent = await trainParent();
    const { trained, logs } = await trainSample({
      freeze: { preset: 'head-only' },
      forkFrom: { checkpoint: checkpoint() },
      cacheFolder: folder.path,
      training: { ...plain, epochs: 1 },
    });
    for (const [name, tensor] of trained.tensors) {
      const kept = bytesOf(tensor).equals(bytesOf(parent.get(name) as HostTensor));
      assert.equal(kept, name.startsWith('backbone.'), name);
    }
    assert.match(logs.join(), /other parameters are trained, so Adam begins anew/);
  });

  it('keeps a frozen head as its parent had it, whatever its own seed draws', async () => {
    const parent = await trainParent({ freeze: { heads: ['sentiment'] } });
    const { trained } = await trainSample({
      freeze: { preset: 'frozen' },
      forkFrom: { checkpoint: checkpoint() },
      training: { ...plain, epochs: 1, seed: 1234 },
    });
    for (const [name, tensor] of trained.tensors)
      assert.ok(bytesOf(tensor).equals(bytesOf(parent.get(name) as HostTensor)), name);
  });

  it('can be forked again, and resumed', async () => {
    await trainParent();
    const options = {
      outputFolder: join(folder.path, 'child'),
      forkFrom: { checkpoint: checkpoint() },
      training: { ...plain, epochs: 2, checkpointEvery: 2 },
    };
    const child = await trainSample(options);
    const resumed = await trainSample({ ...options, resume: 4 });
    assert.equal(resumed.trained.weightsSha256, child.trained.weightsSha256);
    const whole = await trainSample({ training: { ...plain, epochs: 6 } });
    const { trained } = await trainSample({
      forkFrom: { checkpoint: join(folder.path, 'child', 'step-6.safetensors') },
      training: { ...plain, epochs: 2 },
    });
    assert.equal(trained.weightsSha256, whole.trained.weightsSha256);
    await assert.rejects(trainSample({ ...options, forkFrom: undefined, resume: true }), {
      code: 'CONFLICT',
      message: /another checkpoint that it was forked from/,
    });
  });

  it('is refused where the checkpoint does not fit, by name', async () => {
    await trainParent();
    const { model } = await sampleRequest();
    const forkFrom = { checkpoint: checkpoint() };
    const tasks = (classes: string[]): object => ({ tasks: [{ name: 'topic', classes, hidden: 24 }] });
    const cases: [SampleOptions, object][] = [
      [
        { forkFrom, model: { ...model, weightsSha256: 'other' } },
        { path: 'model', source: checkpoint() },
      ],
      [{ forkFrom, definition: tasks(['Science', 'Technology', 'Other']) }, { path: 'tasks' }],
      [
        { forkFrom: { checkpoint: checkpoint(1) } },
        { message: /there is no such file/, source: checkpoint(1) },
      ],
      [
        { forkFrom: { checkpoint: writeSafetensors(new Map()), source: 'empty' } },
        { message: /expected a checkpoint of a training run/, source: 'empty' },
      ],
    ];
    for (const [options, expected] of cases)
      await assert.rejects(trainSample(options), { code: 'BAD_USER_INPUT', ...expected });
  });

  it('is refused when a bit of the checkpoint has flipped, wherever it lies', async () => {
    await trainParent({ freeze: { preset: 'head-only' } });
    const bytes = readFileSync(checkpoint());
    const { tensors } = readSafetensors(bytes);
    assert.ok(tensors.size > 0);
    const path = join(folder.path, 'copy.safetensors');
    for (let index = 0; index < 40; index++) {
      const flipped = Buffer.from(bytes);
      flipped[Math.floor((bytes.length * index) / 40)] ^= 1 << (index % 8);
      writeFileSync(path, flipped);
      await assert.rejects(trainSample({ freeze: { preset: 'head-only' }, forkFrom: { checkpoint: path } }), {
        source: path,
      });
    }
  });
});
