import assert from 'node:assert/strict';
import { SessionCache } from '../../../server/embeddings/sessionCache.js';

describe('the cache of loaded models', () => {
  const closed: string[] = [];
  const opened: string[] = [];
  let cache: SessionCache<string>;
  beforeEach(() => {
    closed.length = 0;
    opened.length = 0;
    cache = new SessionCache<string>(2, async (session) => void closed.push(session));
  });
  const use = (key: string) =>
    cache.use(
      key,
      async () => {
        opened.push(key);
        return key;
      },
      async (session) => session,
    );

  it('opens a model once, also for queries that come together', async () => {
    assert.deepEqual(await Promise.all([use('a'), use('a'), use('a')]), ['a', 'a', 'a']);
    assert.deepEqual(opened, ['a']);
  });

  it('closes the one that was not used for longest', async () => {
    for (const key of ['a', 'b', 'a', 'c']) await use(key);
    assert.deepEqual(closed, ['b']);
  });

  it('runs the queries of a model one after another', async () => {
    const order: string[] = [];
    const slow = cache.use(
      'a',
      async () => 'a',
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push('first');
      },
    );
    const fast = cache.use(
      'a',
      async () => 'a',
      async () => void order.push('second'),
    );
    await Promise.all([slow, fast]);
    assert.deepEqual(order, ['first', 'second']);
  });

  it('forgets a model that could not be opened', async () => {
    const failing = cache.use(
      'a',
      () => Promise.reject(new Error('no weights')),
      async () => 'never',
    );
    await assert.rejects(failing, /no weights/);
    assert.equal(await use('a'), 'a');
  });

  it('goes on after a query that failed', async () => {
    await assert.rejects(
      cache.use(
        'a',
        async () => 'a',
        () => Promise.reject(new Error('bad sentence')),
      ),
      /bad sentence/,
    );
    assert.equal(await use('a'), 'a');
  });
});
