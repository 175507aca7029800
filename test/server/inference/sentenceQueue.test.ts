import assert from 'node:assert/strict';
import { SentenceQueue } from '../../../server/inference/sentenceQueue.js';

describe('the queue of sentences', () => {
  const limits = { maxTokens: 64, maxRows: Infinity };
  let queue: SentenceQueue<string, string>;
  beforeEach(() => {
    queue = new SentenceQueue();
  });
  const add = (job: string, lengths: number[], model = 'm') =>
    queue.add(
      job,
      model,
      lengths.map((length, row) => ({ row, ids: new Int32Array(length) })),
    );
  const next = (own = limits) => queue.next(() => own)?.sentences.map(({ job, row }) => `${job}${row}`);

  it('puts sentences of one padded length into a batch, up to the limit of tokens', () => {
    add('a', [10, 30, 12, 16, 17, 16, 14]);
    assert.deepEqual(next(), ['a0', 'a2', 'a3', 'a5']);
    assert.deepEqual(next(), ['a1', 'a4']);
    assert.deepEqual(next(), ['a6']);
    assert.equal(next(), undefined);
    assert.equal(queue.size, 0);
  });

  it('takes a sentence that is longer than the limit by itself, and no more rows than a model takes', () => {
    add('a', [100, 100, 10, 10, 10]);
    assert.deepEqual(next(), ['a0']);
    assert.deepEqual(next(), ['a1']);
    assert.deepEqual(next({ maxTokens: 64, maxRows: 2 }), ['a2', 'a3']);
  });

  it('puts sentences of several jobs together, of several models apart', () => {
    add('a', [10, 10]);
    add('b', [12]);
    add('c', [12], 'another');
    assert.deepEqual([next(), next()].map((batch) => batch!.sort()).sort(), [['a0', 'a1', 'b0'], ['c0']]);
  });

  it('lets a single sentence in before the thousands of a job that came earlier', () => {
    add(
      'bulk',
      Array.from({ length: 1_000 }, () => 16),
    );
    next();
    add('one', [16]);
    assert.equal(next()!.includes('one0'), true);
    add('long', [60]);
    assert.deepEqual(next({ maxTokens: 16, maxRows: 1 }), ['long0']);
  });

  it('shares turns by tokens between jobs that are there together', () => {
    add(
      'a',
      Array.from({ length: 30 }, () => 16),
    );
    add(
      'b',
      Array.from({ length: 30 }, () => 8),
    );
    const served = { a: 0, b: 0 };
    for (let batch = 0; batch < 6; batch += 1) {
      for (const sentence of next()!) served[sentence[0] as 'a' | 'b'] += sentence.startsWith('a') ? 16 : 8;
    }
    assert.ok(Math.abs(served.a - served.b) <= 16, JSON.stringify(served));
  });

  it('forgets what waits of a job that is cancelled', () => {
    add('a', [10, 30]);
    add('b', [10]);
    queue.remove('a');
    assert.equal(queue.size, 1);
    assert.deepEqual(next(), ['b0']);
    assert.equal(next(), undefined);
  });

  it('goes on with a job whose sentences come in portions', () => {
    add('a', [16, 16, 16, 16]);
    add('b', [16, 16]);
    queue.add('a', 'm', [{ row: 4, ids: new Int32Array(16) }]);
    const order = [...next()!, ...next()!];
    assert.equal(order.at(-1), 'a4');
  });
});
