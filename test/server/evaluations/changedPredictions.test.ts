import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { makeDataset } from '../../../experiments/data/dataset.js';
import { packPredictions } from '../../../server/evaluations/predictionsFile.js';
import { insertRun } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

const CHANGES = `query ($baseline: ID!, $run: ID!, $task: String! = "topic", $kinds: [PredictionChange!], $first: Int, $after: String) {
  changedPredictions(baseline: $baseline, run: $run, task: $task, kinds: $kinds, first: $first, after: $after) {
    compared fixed broken other
    rows { totalCount pageInfo { hasNextPage endCursor }
      edges { node { row sentence label kind before { predicted probability } after { predicted probability } } } }
  }
}`;

interface Changes {
  compared: number;
  fixed: number;
  broken: number;
  other: number;
  rows: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string };
    edges: {
      node: {
        row: number;
        kind: string;
        label: string | null;
        after: { predicted: string; probability: number };
      };
    }[];
  };
}

/** Row -> label (null: none) and the probability of class A; the rest is B's, and nobody ever predicts C. */
type Rows = [row: number, label: 'A' | 'B' | 'C' | null, probability: number][];

describe('what two runs predict differently', () => {
  const server = useServer();
  let datasetId: string;

  before(async () => {
    const rows = Array.from({ length: 8 }, (_, index) => ({
      sentence: `row ${index}`,
      split: 'validation' as const,
      labels: { topic: index % 2 === 0 ? 'A' : 'B' },
    }));
    datasetId = (await createDataset(server.database, 'eight', makeDataset(rows, ['topic']))).dataset.id;
  });

  /** A run that has said this of its validation rows; `classes` in the order of its definition. */
  async function runThatSaid(
    rows: Rows,
    classes: string[] = ['A', 'B'],
    dataset = datasetId,
  ): Promise<string> {
    const run = await insertRun(server.database, { state: 'FINISHED', datasetId: dataset });
    const predictions = rows.map(([row, label, a]) => ({
      row,
      tasks: {
        topic: {
          label,
          predicted: a > 0.5 ? 'A' : 'B',
          probabilities: classes.map((name) => (name === 'A' ? a : name === 'B' ? 1 - a : 0)),
        },
      },
    }));
    const bytes = packPredictions(predictions as never, [{ name: 'topic', classes }]);
    const { sha256 } = await server.services.blobs.put(bytes);
    assert.equal(sha256, createHash('sha256').update(bytes).digest('hex'));
    await server.database.prisma.blob.upsert({
      where: { sha256 },
      create: { sha256, bytes: bytes.length },
      update: {},
    });
    await server.database.prisma.runPredictions.create({
      data: { runId: run.id, moment: 'last', step: 1, sha256 },
    });
    return run.id;
  }

  const ask = async (variables: object): Promise<Changes> => {
    const { data, errors } = await server.query<{ changedPredictions: Changes }>(CHANGES, variables);
    assert.equal(errors, undefined);
    return data.changedPredictions;
  };

  it('counts what became right, wrong or something else, and lists the largest changes of labelled rows first', async () => {
    const baseline = await runThatSaid([
      [0, 'A', 0.9],
      [1, 'B', 0.9],
      [2, 'A', 0.4],
      [3, 'B', 0.4],
      [4, null, 0.8],
      [5, 'B', 0.2],
    ]);
    // The same classes in another order, and one row that the baseline has not seen.
    const run = await runThatSaid(
      [
        [0, 'A', 0.95],
        [1, 'B', 0.1],
        [2, 'A', 0.75],
        [3, 'B', 0.6],
        [4, null, 0.25],
        [6, 'A', 0.9],
      ],
      ['B', 'A'],
    );
    const { rows, ...counts } = await ask({ baseline, run });
    assert.deepEqual(counts, { compared: 5, fixed: 2, broken: 1, other: 1 });
    assert.deepEqual(
      rows.edges.map(({ node }) => [node.row, node.kind, node.label, node.after.predicted]),
      [
        [1, 'FIXED', 'B', 'B'],
        [2, 'FIXED', 'A', 'A'],
        [3, 'BROKEN', 'B', 'A'],
        [4, 'OTHER', null, 'B'],
      ],
    );
    const page = await ask({ baseline, run, first: 1, kinds: ['FIXED'] });
    assert.deepEqual([page.rows.totalCount, page.rows.pageInfo.hasNextPage, page.fixed], [2, true, 2]);
    const next = await ask({ baseline, run, kinds: ['FIXED'], after: page.rows.pageInfo.endCursor });
    assert.deepEqual(
      next.rows.edges.map(({ node }) => node.row),
      [2],
    );
  });

  it('lists rows that one of the two has right before those that both have wrong, and rows without a label last, page by page', async () => {
    const classes = ['A', 'B', 'C'];
    // The least sure change of every kind comes first in the data, the surest of each kind in rows without a label.
    const before: Rows = [
      [0, null, 0.99],
      [1, 'C', 0.9],
      [2, 'A', 0.55],
      [3, null, 0.6],
      [4, 'C', 0.8],
      [5, 'B', 0.52],
      [6, 'A', 0.9],
      [7, 'C', 0.51],
    ];
    const opposite: Rows = before.map(([row, label, a]) => [row, label, 1 - a]);
    const baseline = await runThatSaid(before, classes);
    const run = await runThatSaid(opposite, classes);
    const order = [6, 2, 5, 1, 4, 7, 0, 3];
    const rowsOf = ({ rows }: Changes) => rows.edges.map(({ node }) => node.row);
    assert.deepEqual(rowsOf(await ask({ baseline, run })), order);
    const paged: number[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page: Changes = await ask({ baseline, run, first: 3, after });
      paged.push(...rowsOf(page));
      ({ endCursor: after, hasNextPage: more } = page.rows.pageInfo);
    }
    assert.deepEqual(paged, order);
    assert.deepEqual(rowsOf(await ask({ baseline, run, kinds: ['OTHER'] })), [1, 4, 7, 0, 3]);
  });

  it('is null where a run keeps no predictions, and refused where they are of different data or no such task', async () => {
    const baseline = await runThatSaid([[0, 'A', 0.9]]);
    const silent = await insertRun(server.database, { state: 'FINISHED', datasetId });
    assert.equal(await ask({ baseline, run: silent.id }), null);
    const elsewhere = await runThatSaid([[0, 'A', 0.9]], ['A', 'B'], null as never);
    const other = await server.query(CHANGES, { baseline, run: elsewhere });
    assert.deepEqual(other.errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path: 'run' });
    const task = await server.query(CHANGES, { baseline, run: baseline, task: 'mood' });
    assert.equal(task.errors?.[0]?.message, 'task: expected one of topic, got "mood"');
    const none = await server.query(CHANGES, { baseline, run: 'nobody' });
    assert.deepEqual(none.errors?.[0]?.extensions, { code: 'NOT_FOUND', path: 'run' });
  });
});
