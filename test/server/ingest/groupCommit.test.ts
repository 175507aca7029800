import assert from 'node:assert/strict';
import { FrostlineError } from '../../../experiments/errors.js';
import { GroupCommit, type GroupCommitOptions } from '../../../server/ingest/groupCommit.js';
import { useDatabase } from '../../support/database.js';

describe('group commit', () => {
  const context = useDatabase();
  let groups: number[][] = [];
  beforeEach(() => (groups = []));

  const write = async (_client: unknown, group: readonly number[]): Promise<number[]> => {
    groups.push([...group]);
    await new Promise((resolve) => setImmediate(resolve));
    return group.map((work) => -work);
  };
  const make = (overrides: Partial<GroupCommitOptions<number, number>> = {}) =>
    new GroupCommit<number, number>(context.database.pool, {
      sizeOf: (work) => work,
      groupSize: 100,
      waitingSize: 1000,
      writeAtOnce: write,
      writeGroup: async () => assert.fail('written at once'),
      ...overrides,
    });
  const failing = (code: string): Error => Object.assign(new Error(code), { code });

  it('writes calls that come together as one group, and answers each with its own', async () => {
    const commit = make();
    assert.deepEqual(await Promise.all([1, 2, 3].map((work) => commit.add(work))), [-1, -2, -3]);
    assert.deepEqual(groups, [[1, 2, 3]]);
  });

  it('keeps groups within their size, and gives a call that is larger a group of its own', async () => {
    const commit = make();
    await Promise.all([60, 30, 30, 300, 1].map((work) => commit.add(work)));
    assert.deepEqual(groups, [[60, 30], [30], [300], [1]]);
  });

  it('sends calls away when as much waits as may, and takes them again when it is written', async () => {
    const commit = make({ waitingSize: 100 });
    const first = commit.add(80);
    await assert.rejects(commit.add(21), { code: 'UNAVAILABLE' });
    await Promise.all([first, commit.add(20)]);
    assert.equal(await commit.add(100), -100);
  });

  it('takes a call of any size when nothing waits', async () => {
    assert.equal(await make({ waitingSize: 100 }).add(5000), -5000);
  });

  it('thinks about a group when it divides by zero', async () => {
    const error = new FrostlineError('CONFLICT', 'not this one');
    const commit = make({
      writeAtOnce: async () => Promise.reject(failing('22012')),
      writeGroup: async (_client, group) => group.map((work) => (work === 2 ? { error } : { done: work })),
    });
    const results = await Promise.allSettled([1, 2, 3].map((work) => commit.add(work)));
    assert.deepEqual(results, [
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: error },
      { status: 'fulfilled', value: 3 },
    ]);
  });

  it('lets the others through when one call of a group cannot be written', async () => {
    const commit = make({
      writeAtOnce: async (client, group) =>
        group.includes(2) ? Promise.reject(failing('22P02')) : write(client, group),
    });
    const results = await Promise.allSettled([1, 2, 3].map((work) => commit.add(work)));
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
  });

  it('writes a group again when the database went away or a race was lost', async () => {
    for (const code of ['ECONNRESET', '57P01', '40P01']) {
      let failures = 2;
      const commit = make({
        writeAtOnce: async (client, group) =>
          failures-- > 0 ? Promise.reject(failing(code)) : write(client, group),
      });
      assert.equal(await commit.add(7), -7);
    }
  });

  it('waits for a database that is away by a clock that does not jump', async () => {
    const now = Date.now;
    let failures = 1;
    const commit = make({
      writeAtOnce: async (client, group) => {
        if (failures-- === 0) return write(client, group);
        Date.now = () => now() + 24 * 60 * 60 * 1000;
        throw failing('ECONNRESET');
      },
    });
    try {
      assert.equal(await commit.add(7), -7);
    } finally {
      Date.now = now;
    }
  });

  it('goes on after everything was written, for whoever comes in that moment', async () => {
    const commit = make();
    const answers: number[] = [];
    for (let call = 1; call <= 50; call += 1) answers.push(await commit.add(call));
    assert.equal(answers.length, 50);
  });

  it('writes what waits when it is closed, and takes nothing more', async () => {
    const commit = make();
    const last = commit.add(1);
    const closed = commit.close();
    await assert.rejects(commit.add(2), { code: 'UNAVAILABLE' });
    assert.equal(await last, -1);
    await closed;
  });
});
