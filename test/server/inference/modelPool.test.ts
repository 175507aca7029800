import assert from 'node:assert/strict';
import { ModelPool } from '../../../server/inference/modelPool.js';

describe('the pool of loaded models', () => {
  const closed: string[] = [];
  const loaded: string[] = [];
  let pool: ModelPool<string>;
  beforeEach(() => {
    closed.length = 0;
    loaded.length = 0;
    // A model's size is the length of its name.
    pool = new ModelPool<string>(
      4,
      ({ length }) => length,
      async (model) => void closed.push(model),
    );
  });
  const acquire = (key: string) =>
    pool.acquire(key, async () => {
      loaded.push(key);
      return key;
    });
  const use = async (key: string) => {
    await acquire(key);
    await pool.release(key);
  };

  it('loads a model once, also for requests that come together', async () => {
    assert.deepEqual(await Promise.all([acquire('a'), acquire('a'), acquire('a')]), ['a', 'a', 'a']);
    assert.deepEqual(loaded, ['a']);
  });

  it('gives up the one that was not used for longest when the budget is exceeded', async () => {
    for (const key of ['aa', 'bb', 'aa', 'cc']) await use(key);
    assert.deepEqual(closed, ['bb']);
    await use('dddd');
    assert.deepEqual(closed, ['bb', 'aa', 'cc']);
  });

  it('keeps what is in use until it is released', async () => {
    await acquire('aaa');
    await acquire('bbb');
    assert.deepEqual(closed, []);
    await pool.release('aaa');
    assert.deepEqual(closed, ['aaa']);
    await pool.release('bbb');
    assert.deepEqual(pool.keys(), ['bbb']);
  });

  it('keeps a model that is larger than the budget while nothing else is asked for', async () => {
    await use('larger than that');
    await use('larger than that');
    assert.deepEqual(loaded, ['larger than that']);
    await use('a');
    assert.deepEqual(closed, ['larger than that']);
  });

  it('forgets a model that could not be loaded', async () => {
    await assert.rejects(
      pool.acquire('a', () => Promise.reject(new Error('no weights'))),
      /no weights/,
    );
    assert.equal(await acquire('a'), 'a');
  });
});
