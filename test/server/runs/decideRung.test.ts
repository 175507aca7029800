import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { inTransaction } from '../../../server/db/database.js';
import { decideRung, findPruning, type RungDecision } from '../../../server/runs/decideRung.js';
import { type Pruning } from '../../../experiments/schema/types.js';
import { insertRun } from '../../support/factories.js';
import { useDatabase } from '../../support/database.js';

const RULE: Pruning = {
  metric: 'epoch/loss',
  direction: 'minimize',
  unit: 'epoch',
  first: 1,
  reduction: 3,
};

describe('the rungs of a sweep', () => {
  const context = useDatabase();
  let pruningId: string;
  beforeEach(async () => {
    const { prisma } = context.database;
    const experiment = await prisma.experiment.create({
      data: {
        id: randomUUID(),
        name: randomUUID(),
        definition: {},
        definitionDigest: '',
        sweep: { method: 'grid', settings: {}, pruning: { ...RULE } },
      },
    });
    pruningId = (await prisma.pruning.create({ data: { id: randomUUID(), experimentId: experiment.id } })).id;
  });

  const competitor = async () => (await insertRun(context.database, { pruningId })).id;
  const arrive = (runId: string, value: number, rung = 1): Promise<RungDecision> =>
    inTransaction(context.database.pool, (client) =>
      decideRung(client, { runId, pruningId }, RULE, { rung, step: 10 * rung, epoch: rung, value }),
    );
  const isPruned = async (id: string) =>
    (await context.database.prisma.run.findUniqueOrThrow({ where: { id } })).pruned;

  it('decide by what was there before, and mark the run in the same transaction', async () => {
    const decisions = [];
    for (const value of [0.5, 0.4, 0.6, 0.3, 0.45, 0.35]) {
      const id = await competitor();
      const { rank, results, kept, pruned } = await arrive(id, value);
      decisions.push([value, rank, results, kept, pruned]);
      assert.equal(await isPruned(id), pruned);
    }
    assert.deepEqual(decisions, [
      [0.5, 1, 1, 1, false],
      [0.4, 1, 2, 1, false],
      [0.6, 3, 3, 1, true],
      [0.3, 1, 4, 1, false],
      [0.45, 3, 5, 1, true],
      [0.35, 2, 6, 2, false],
    ]);
  });

  it('do not ask a run again that comes to them once more', async () => {
    const [first, second] = [await competitor(), await competitor()];
    await arrive(first, 0.5);
    const decision = await arrive(second, 0.9);
    assert.equal(decision.pruned, true);
    assert.deepEqual(await arrive(second, 0.1), decision);
    const known = await findPruning(context.database, { id: second, pruningId });
    assert.deepEqual(known!.decided, new Set([1]));
    assert.deepEqual(known!.rule, RULE);
  });

  it('decide by themselves, each rung and each launch', async () => {
    const first = await competitor();
    await arrive(first, 0.5);
    assert.equal((await arrive(first, 9, 3)).pruned, false, 'it is the first there');
    const { experimentId } = await context.database.prisma.pruning.findUniqueOrThrow({
      where: { id: pruningId },
    });
    pruningId = (await context.database.prisma.pruning.create({ data: { id: randomUUID(), experimentId } }))
      .id;
    assert.equal((await arrive(await competitor(), 0.9)).results, 1);
  });

  it('decide on runs that arrive at once one after the other', async () => {
    const ids = await Promise.all(Array.from({ length: 9 }, competitor));
    const decisions = await Promise.all(ids.map((id, index) => arrive(id, index)));
    assert.deepEqual(
      decisions.map(({ results }) => results).sort((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
  });

  it('keep NaN and infinities, which are worse than anything', async () => {
    await arrive(await competitor(), 0.5);
    const diverged = await competitor();
    assert.equal((await arrive(diverged, NaN)).pruned, true);
    const { rows } = await context.database.pool.query('SELECT value FROM rung_result WHERE run_id = $1', [
      diverged,
    ]);
    assert.deepEqual(rows, [{ value: NaN }]);
    assert.equal(
      (await arrive(await competitor(), Infinity)).rank,
      3,
      'no better than one that was there first',
    );
  });
});
