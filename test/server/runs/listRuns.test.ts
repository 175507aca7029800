import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FrostlineError } from '../../../experiments/errors.js';
import { type Run } from '../../../server/db/generated/client.js';
import { parseQuery } from '../../../server/query/parseQuery.js';
import { printQuery } from '../../../server/query/printQuery.js';
import { type Condition } from '../../../server/query/tree.js';
import { listRuns, markPages } from '../../../server/runs/listRuns.js';
import { type OrderField, type RunOrder } from '../../../server/runs/runOrder.js';
import { useDatabase } from '../../support/database.js';
import {
  createWorld,
  holds,
  valueOf,
  worldComparisons,
  worldConditions,
  type WorldRun,
  worldOrders,
} from '../../support/runWorld.js';

describe('listing runs', () => {
  const context = useDatabase();
  let world: WorldRun[] = [];
  before(async () => {
    world = await createWorld(context.database);
  });

  const list = (where: Condition | null, order: RunOrder[] = [], first = 500, after: string | null = null) =>
    listRuns(context.database, { first, after, where, order });
  const names = (query: string) =>
    list(parseQuery(query), [{ by: { kind: 'number', name: 'seed' }, descending: false }]).then(
      ({ rows }) => rows,
    );

  it('gives the runs for which any condition holds, and counts them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(worldComparisons(), worldConditions()), async (condition) => {
        const { rows, totalCount } = await list(condition);
        const expected = world.filter((run) => holds(condition, run)).map(({ run }) => run.id);
        assert.deepEqual(rows.map(({ id }) => id).sort(), expected.sort(), printQuery(condition));
        assert.equal(totalCount, expected.length);
      }),
      { numRuns: 600 },
    );
  });

  it('takes every run for a condition or for its negation, and none for both', async () => {
    await fc.assert(
      fc.asyncProperty(worldConditions(), async (condition) => {
        const [takes, leaves] = await Promise.all([list(condition), list({ kind: 'not', of: condition })]);
        assert.equal(takes.totalCount + leaves.totalCount, world.length, printQuery(condition));
      }),
      { numRuns: 100 },
    );
  });

  it('sorts by any keys, what is missing last, equals newest first', async () => {
    await fc.assert(
      fc.asyncProperty(worldOrders(), async (order) => {
        const { rows } = await list(null, order);
        const expected = [...world].sort((a, b) => compareRuns(a, b, order)).map(({ run }) => run.id);
        assert.deepEqual(
          rows.map(({ id }) => id),
          expected,
        );
      }),
      { numRuns: 150 },
    );
  });

  it('pages through any list in any order without losing or repeating a run', async () => {
    await fc.assert(
      fc.asyncProperty(
        worldConditions(),
        worldOrders(),
        fc.integer({ min: 1, max: 20 }),
        async (where, order, first) => {
          const whole = await list(where, order);
          const paged: Run[] = [];
          for (let after: string | null = null; ;) {
            const page = await list(where, order, first, after);
            assert.equal(page.totalCount, whole.totalCount);
            paged.push(...page.rows);
            if (!page.hasNextPage) break;
            assert.equal(page.rows.length, first);
            after = page.marks.get(page.rows.at(-1)!.id)!;
          }
          assert.deepEqual(
            paged.map(({ id }) => id),
            whole.rows.map(({ id }) => id),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('marks where the pages of any list end, so that each can be read by itself', async () => {
    await fc.assert(
      fc.asyncProperty(
        worldConditions(),
        worldOrders(),
        fc.integer({ min: 1, max: 20 }),
        async (where, order, size) => {
          const whole = await list(where, order);
          const marks = await markPages(context.database, { where, order, size });
          assert.equal(marks.length, Math.max(0, Math.ceil(whole.totalCount / size) - 1));
          const pages = await Promise.all([null, ...marks].map((after) => list(where, order, size, after)));
          assert.deepEqual(
            pages.flatMap(({ rows }) => rows.map(({ id }) => id)),
            whole.rows.map(({ id }) => id),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps its place when the run that it stopped at changes or goes away', async () => {
    const { prisma } = context.database;
    const order: RunOrder[] = [{ by: { kind: 'text', name: 'note' }, descending: true }];
    const page = await list(null, order, 10);
    const rest = await list(null, order, 500, page.marks.get(page.rows[9]!.id)!);
    const last = await prisma.run.findUniqueOrThrow({ where: { id: page.rows[9]!.id } });
    await prisma.run.update({ where: { id: last.id }, data: { note: 'zzz' } });
    const again = await list(null, order, 500, page.marks.get(last.id)!);
    await prisma.run.update({ where: { id: last.id }, data: { note: last.note } });
    assert.deepEqual(
      again.rows.map(({ id }) => id),
      rest.rows.map(({ id }) => id),
    );
  });

  it('takes values for what they are: nothing in them is SQL, a pattern or a path', async () => {
    for (const text of [`'; DROP TABLE run; --`, '$1', '%', '\\', '{a,b}', '"', '\u{1f4cf}', 'null']) {
      const quoted = JSON.stringify(text);
      for (const field of ['name', 'tag', 'note', 'experiment', `setting.${quoted}`, 'setting.list'])
        for (const comparison of [`= ${quoted}`, `~ ${quoted}`, `in (${quoted}, "x")`])
          await names(`${field} ${comparison}`);
      await names(`metric.${quoted} > 1 or metric.${quoted}.min in (1, NaN)`);
    }
    assert.equal((await list(null)).totalCount, world.length);
  });

  it('finds runs that have diverged', async () => {
    const found = await names('metric.validation/loss in (NaN, Infinity)');
    const expected = world.filter(({ metrics }) => {
      const last = metrics['validation/loss']?.last;
      return last !== undefined && !Number.isFinite(last);
    });
    assert.equal(found.length, expected.length);
    assert.ok(found.length > 0);
  });

  it('takes as many conditions and values as the limits allow', async () => {
    const many = Array.from({ length: 100 }, (_, index) => `metric.m${index % 30}.max > ${index}`).join(
      ' or ',
    );
    assert.equal((await list(parseQuery(many))).totalCount, 0);
    let deep: Condition = parseQuery('tag = best');
    for (let depth = 1; depth < 50; depth += 1) deep = { kind: 'not', of: deep };
    assert.ok((await list(deep)).totalCount > 0);
  });

  it('refuses a cursor of another order, and one that somebody made up', async () => {
    const seed: RunOrder[] = [{ by: { kind: 'number', name: 'seed' }, descending: false }];
    const page = await list(null, seed, 1);
    const mark = page.marks.get(page.rows[0]!.id)!;
    const plain = await list(null, [], 1);
    const foreign = [plain.marks.get(plain.rows[0]!.id)!, '[]', 'x', '{"a":1}', mark.replace('"0"', '0')];
    const made = [mark.replace('"0"', '"x"'), mark.replace('"0"', '"1e999"'), mark.replace('"0"', '{}')];
    const isRefused = (error: unknown) =>
      error instanceof FrostlineError && error.code === 'BAD_USER_INPUT' && error.path === 'after';
    for (const text of [...foreign, ...made])
      await assert.rejects(list(null, seed, 1, text), isRefused, text);
    await assert.rejects(list(null, [], 1, mark), isRefused);
    await assert.rejects(list(null, [{ ...seed[0]!, descending: true }], 1, mark), isRefused);
  });
});

function compareRuns(a: WorldRun, b: WorldRun, order: RunOrder[]): number {
  for (const { by, descending } of order) {
    const [left, right] = [keyOf(a, by), keyOf(b, by)];
    if (left === null || right === null) {
      if (left === right) continue;
      return left === null ? 1 : -1;
    }
    const difference =
      left.rank - right.rank || (left.value < right.value ? -1 : left.value > right.value ? 1 : 0);
    if (difference !== 0) return descending ? -difference : difference;
  }
  return Number(b.run.sequence - a.run.sequence);
}

const states = ['QUEUED', 'STARTING', 'RUNNING', 'FINISHED', 'FAILED', 'CANCELLED', 'LOST'];
const jsonRanks: Record<string, number> = { string: 1, number: 2, boolean: 3 };

/** What a run is sorted by, of values of different types their types first; null: last. */
function keyOf(run: WorldRun, field: OrderField): { rank: number; value: string | number } | null {
  const value = valueOf(run, field);
  if (value === undefined || Number.isNaN(value) || typeof value === 'object') return null;
  if (field.kind === 'state') return { rank: 0, value: states.indexOf(value as string) };
  if (field.kind === 'setting')
    return {
      rank: jsonRanks[typeof value]!,
      value: typeof value === 'boolean' ? Number(value) : (value as string),
    };
  // As bytes: what the C collation compares.
  if (field.kind === 'text')
    return { rank: 0, value: Buffer.from((value as string).toLowerCase()).toString('latin1') };
  return { rank: 0, value: value as string | number };
}
