import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openEncoder, resolveModel } from '../../../experiments/index.js';
import { type Precision } from '../../../experiments/runtime/precision.js';
import { InferenceEngine } from '../../../server/inference/inferenceEngine.js';
import { type LoadedModel } from '../../../server/inference/loadModel.js';
import { type InferenceAnswer, type InferenceRequest } from '../../../server/inference/protocol.js';
import { cacheFolder } from '../../support/cacheFolder.js';
import { fixturesFolder } from '../../support/torchCases.js';
import { until } from '../../support/until.js';

const provenance = {
  run: null,
  checkpointSha256: null,
  weightsSha256: '',
  backboneSha256: '',
  tokenizerSha256: '',
  pooling: 'mean',
  lowercase: false,
  precision: 'float32' as const,
  precisionSha256: '',
  device: 'cpu',
};

describe('the engine that answers requests', () => {
  /** Ids of the requests whose sentences each batch held. */
  let batches: number[] = [];
  let loads: string[] = [];
  let done = new Map<number, InferenceAnswer>();
  let failed = new Map<number, unknown>();
  let engine: InferenceEngine;

  async function load(model: string, precision: Precision): Promise<LoadedModel> {
    loads.push(model);
    const resolved = await resolveModel(join(fixturesFolder, 'models', model), { cacheFolder });
    const encoder = await openEncoder(resolved, { device: 'cpu', threads: 1, maxLength: 64, precision });
    const pool = encoder.pool.bind(encoder);
    encoder.pool = (tokenized, rows) => {
      batches.push(rows.length);
      return pool(tokenized, rows);
    };
    return { encoder, provenance: { ...provenance, model } };
  }

  beforeEach(() => {
    [batches, loads, done, failed] = [[], [], new Map(), new Map()];
    engine = new InferenceEngine({
      load: (source, precision) => load((source as { model: string }).model, precision),
      modelBytes: 1e9,
      batchTokens: 64,
      onDone: (id, answer) => done.set(id, answer),
      onFailed: (id, error) => failed.set(id, error),
    });
  });
  afterEach(() => engine.close());

  const request = (input: string[], more: Partial<InferenceRequest> = {}): InferenceRequest => ({
    source: { kind: 'backbone', model: 'bert-tiny' },
    precision: 'float32',
    input,
    work: 'embed',
    normalize: true,
    maxLength: null,
    truncate: true,
    ...more,
  });
  const answerOf = async (id: number): Promise<InferenceAnswer> => {
    await until(() => done.has(id) || failed.has(id));
    assert.equal(failed.get(id), undefined);
    return done.get(id)!;
  };

  it('puts sentences of many requests into common batches and gives each its own', async () => {
    const sentences = Array.from({ length: 12 }, (_, index) => `sentence number ${index}`);
    sentences.forEach((sentence, id) => engine.submit(id, request([sentence])));
    const answers = await Promise.all(sentences.map((_, id) => answerOf(id)));
    assert.ok(batches.length < sentences.length, `${batches.length} batches`);
    assert.deepEqual(loads, ['bert-tiny']);
    engine.submit(100, request(sentences));
    const together = await answerOf(100);
    const width = together.dimensions;
    answers.forEach(({ vectors }, row) =>
      assert.deepEqual(vectors, together.vectors.slice(row * width, (row + 1) * width)),
    );
  });

  it('keeps a model for each precision, and puts no sentences of two into one batch', async () => {
    engine.submit(1, request(['a sentence']));
    engine.submit(2, request(['a sentence'], { precision: 'int8' }));
    const [exact, bytes] = [await answerOf(1), await answerOf(2)];
    assert.deepEqual(loads, ['bert-tiny', 'bert-tiny']);
    assert.deepEqual(batches, [1, 1]);
    assert.notDeepEqual(exact.vectors, bytes.vectors);
  });

  it('computes nothing more for a request that is cancelled', async () => {
    const many = Array.from({ length: 600 }, (_, index) => `one of very many sentences, number ${index}`);
    engine.submit(1, request(many));
    await until(() => batches.length > 0);
    engine.cancel(1);
    const soFar = batches.reduce((sum, rows) => sum + rows, 0);
    engine.submit(2, request(['the next']));
    await answerOf(2);
    // A batch may have been under way, and the next request's own came after it.
    const since = batches.reduce((sum, rows) => sum + rows, 0) - soFar;
    assert.ok(since <= 10, `${since} sentences were computed after it`);
    assert.equal(done.has(1), false);
    assert.equal(failed.has(1), false);
  });

  it('answers a single sentence while a large request is under way', async () => {
    engine.submit(
      1,
      request(Array.from({ length: 1_500 }, (_, index) => `sentence ${index} of a great many`)),
    );
    await until(() => batches.length > 0);
    engine.submit(2, request(['a single one']));
    await answerOf(2);
    assert.equal(done.has(1), false);
    assert.equal((await answerOf(1)).vectors.length, 1_500 * 32);
  });

  it('fails a request that cannot be answered, and no other', async () => {
    engine.submit(1, request(['a'], { work: 'predict' }));
    engine.submit(2, request(['a', 'word '.repeat(100)], { truncate: false }));
    engine.submit(3, request([], { input: [[5, 99_999]] }));
    engine.submit(4, request(['a'], { source: { kind: 'backbone', model: 'nothing' } }));
    engine.submit(5, request(['a']));
    await answerOf(5);
    await until(() => failed.size === 4);
    const messages = [1, 2, 3, 4].map((id) => (failed.get(id) as Error).message);
    assert.match(messages[0]!, /expected a trained model with heads/);
    assert.match(messages[1]!, /sentences\.1: expected at most 64 tokens, got 102/);
    assert.match(messages[2]!, /expected token ids from 0 to 1199, got 99999/);
    assert.match(messages[3]!, /nothing/);
  });

  it('reads token ids as the sentence they stand for, with special tokens or without', async () => {
    const model = await resolveModel(join(fixturesFolder, 'models', 'bert-tiny'), { cacheFolder });
    const encoder = await openEncoder(model, { device: 'cpu', threads: 1 });
    const { ids } = encoder.tokenizer.encode(['a sentence of words'], 64);
    await encoder.close();
    engine.submit(1, request(['a sentence of words']));
    engine.submit(2, request([], { input: [[...ids], [...ids.slice(1, -1)]] }));
    const [text, tokens] = [await answerOf(1), await answerOf(2)];
    assert.deepEqual(tokens.vectors.slice(0, 32), text.vectors);
    assert.deepEqual(tokens.vectors.slice(32), text.vectors);
    assert.equal(tokens.tokens, 2 * text.tokens);
  });
});
