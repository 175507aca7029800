import assert from 'node:assert/strict';
import { join } from 'node:path';

import { makeDataset, readDatasetFile, train, type TrainRequest } from '../../../experiments/index.js';
import type { LaunchProvenance } from '../../../experiments/training/provenance.js';
import { makeRunRecord, type RunRecord } from '../../../experiments/training/runRecord.js';
import { verify, type Verification } from '../../../experiments/training/verify.js';
import { fixturesFolder } from '../../support/torchCases.js';
import { sampleRequest, type SampleOptions } from './sampleRun.js';

const launch: LaunchProvenance = {
  engineVersion: '1.2.3',
  packages: { 'onnxruntime-node': '1.0.0' },
  threads: 1,
  command: 'frostline train definition.json',
  gitCommit: null,
  gitDirty: null,
  gitPatch: null,
};

/** A run's record as it comes back from a file. */
async function recordOf(options: SampleOptions = {}): Promise<RunRecord> {
  const request = await sampleRequest(options);
  const trained = await train({ ...request, digests: true });
  return JSON.parse(JSON.stringify(makeRunRecord(trained, request, launch))) as RunRecord;
}

async function check(
  record: RunRecord,
  options: SampleOptions = {},
  now: LaunchProvenance = launch,
): Promise<Verification> {
  return verify(record, await sampleRequest(options), now);
}

describe('verifying a run', () => {
  it('finds an equal run equal, whatever the threads', async () => {
    const found = await check(await recordOf(), { threads: 2 });
    assert.equal(found.equal, true);
    assert.deepEqual(found.steps, { compared: 18, recorded: 18 });
    assert.deepEqual([found.changes, found.notPromised], [[], []]);
    assert.equal(found.weightsSha256.is, found.weightsSha256.was);
  });

  it('finds a run whose losses are no numbers equal', async () => {
    const options = { training: { learningRate: 1e30 } };
    const record = await recordOf(options);
    assert.ok(record.history.losses.includes('NaN'));
    assert.equal((await check(record, options)).equal, true);
  });

  it('names the setting that changed, and the first step and tensor that differ', async () => {
    const found = await check(await recordOf(), { training: { seed: 8 } });
    assert.equal(found.equal, false);
    assert.deepEqual(
      found.changes.map(({ input, detail }) => [input, detail]),
      [['definition', 'training.seed was 7, it is 8']],
    );
    assert.deepEqual([found.firstStep?.step, found.firstStep?.epoch], [1, 1]);
    assert.equal(found.firstTensor?.epoch, 1);
    assert.equal(found.firstTensor?.name, 'backbone.embeddings.word_embeddings.weight');
    assert.equal(found.weightsSha256.is, null, 'stops after the epoch that differs');
  });

  it('names the first tensor in the order of the model', async () => {
    const found = await check(await recordOf({ freeze: { preset: 'head-only' } }), {
      freeze: { preset: 'head-only' },
      training: { learningRate: 0.0051 },
    });
    assert.deepEqual([found.firstStep?.step, found.firstTensor?.name], [2, 'heads.topic.0.weight']);
  });

  it('sees a difference of one bit in one recorded loss', async () => {
    const record = await recordOf();
    const losses = Float64Array.from(record.history.losses, Number);
    new BigInt64Array(losses.buffer)[7] ^= 1n;
    record.history.losses = [...losses];
    const found = await check(record);
    assert.deepEqual([found.equal, found.firstStep?.step, found.firstStep?.epoch], [false, 8, 3]);
    assert.equal(found.firstTensor, null);
  });

  it('sees weights that differ although all losses are equal', async () => {
    const record = await recordOf();
    record.weightsSha256 = '0'.repeat(64);
    const found = await check(record);
    assert.deepEqual([found.equal, found.firstStep, found.steps.compared], [false, null, 18]);
  });

  it('sees steps that are missing or too many', async () => {
    const longer = await recordOf({ training: { epochs: 7 } });
    assert.equal((await check(longer)).firstStep?.step, 19);
    const shorter = await recordOf({ training: { epochs: 5 } });
    assert.equal((await check(shorter)).firstStep?.step, 16);
  });

  it('names the row of the dataset that changed', async () => {
    const record = await recordOf();
    const dataset = await readDatasetFile(join(fixturesFolder, 'validation-split', 'data.csv'));
    const rows = dataset.rows.map((row, index) => {
      if (index !== 5) return row;
      const letter = String.fromCharCode(row.sentence.charCodeAt(0) ^ 1);
      return { ...row, sentence: letter + row.sentence.slice(1) };
    });
    const flipped = { ...makeDataset(rows, dataset.tasks), origin: dataset.origin };
    const [change, ...others] = (await check(record, { dataset: flipped })).changes;
    assert.deepEqual([change.input, others], ['dataset', []]);
    assert.match(change.detail, /the first row that differs is row 6 \(line 7 of .*data\.csv\): "/);
    const cut = makeDataset(dataset.rows.slice(0, -1), dataset.tasks);
    assert.match((await check(record, { dataset: cut })).changes[0].detail, /it ends before row 18$/);
  });

  it('names weights, tokenizer, code and versions that changed', async () => {
    const record = await recordOf();
    const { model } = await sampleRequest();
    const now = { ...launch, packages: { 'onnxruntime-node': '2.0.0' } };
    record.provenance.engineDigest = 'f'.repeat(64);
    const other = { ...model, weightsSha256: '1'.repeat(64), tokenizerSha256: '2'.repeat(64) };
    const found = await check(record, { model: other }, now);
    assert.deepEqual(
      found.changes.map(({ input }) => input),
      ['weights', 'tokenizer', 'code', 'versions'],
    );
    assert.match(found.changes[0].detail, /^[0-9a-f]{12} was recorded, it is 111111111111$/);
    assert.equal(found.changes[3].detail, 'onnxruntime-node was "1.0.0", it is "2.0.0"');
    assert.equal(found.equal, true, 'and still says so when the numbers are the same');
    assert.match(found.notPromised.join(), /code or versions/);
  });

  it('says where equal bits are not promised', async () => {
    const record = await recordOf();
    const gpu: RunRecord = {
      ...record,
      provenance: { ...record.provenance, device: 'cuda (ONNX Runtime 1.0)', deterministic: false },
    };
    const onGpu = await check(gpu);
    assert.deepEqual(
      onGpu.changes.map(({ input }) => input),
      ['device'],
    );
    assert.match(onGpu.notPromised.join(), /another device.*does not promise equal bits/);
    const provenance = { ...record.provenance, cpuFamily: 'arm64 asimd' };
    const elsewhere = await check({ ...record, provenance });
    assert.match(elsewhere.notPromised.join(), /another family round differently/);
  });

  it('ends when it is cancelled', async () => {
    const record = await recordOf();
    const controller = new AbortController();
    const request: TrainRequest = {
      ...(await sampleRequest()),
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === 'step') controller.abort();
      },
    };
    await assert.rejects(verify(record, request, launch), { code: 'CANCELLED' });
  });
});
