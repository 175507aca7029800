import assert from 'node:assert/strict';
import { makeDataset } from '../../../experiments/data/dataset.js';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { silentLogger } from '../../../server/db/logger.js';
import { type RunningWorker, runWorker } from '../../../server/worker/runWorker.js';
import { sampleDefinition, sampleRows } from '../../support/factories.js';
import { finishedRun, launchRuns, waitForRun } from '../../support/runs.js';
import { useServer } from '../../support/server.js';
import { until } from '../../support/until.js';

/** Every sentence once to train on and twice to validate on; one validation row is not labelled for sentiment. */
const rows = [
  ...sampleRows,
  ...sampleRows.map((row) => ({ ...row, split: 'validation' as const })),
  ...sampleRows.map(({ sentence, labels }, index) => ({
    sentence: `${sentence} Again.`,
    split: 'validation' as const,
    labels: index === 0 ? { topic: labels.topic! } : labels,
  })),
];

interface PredictionAnswer {
  row: number;
  sentence: string;
  label: string | null;
  predicted: string;
  loss: number | null;
  probabilities: { label: string; probability: number }[];
}

interface EvaluationAnswer {
  step: number;
  epoch: number;
  loss: number | null;
  tasks: {
    name: string;
    labelled: number;
    accuracy: number;
    macroF1: number;
    confusion: number[][];
    classes: { label: string; support: number; f1: number | null }[];
  }[];
}

const PREDICTIONS = `query ($id: ID!, $first: Int, $after: String, $task: String!, $at: EvaluationMoment! = LAST, $orderBy: PredictionOrder! = WORST, $mistakesOnly: Boolean! = false, $label: String, $predicted: String) {
  run(id: $id) {
    predictions(first: $first, after: $after, task: $task, at: $at, orderBy: $orderBy, mistakesOnly: $mistakesOnly, label: $label, predicted: $predicted) {
      totalCount pageInfo { hasNextPage endCursor }
      edges { node { row sentence label predicted loss probabilities { label probability } } }
    }
  }
}`;

describe('evaluations of runs', () => {
  let worker: RunningWorker;
  after(() => worker?.stop());
  const server = useServer();

  before(async () => {
    const dataset = makeDataset(rows, ['topic', 'sentiment']);
    await createDataset(server.database, 'sample', dataset);
    await createDataset(server.database, 'unsplit', makeDataset(sampleRows, ['topic', 'sentiment']));
    worker = await runWorker(server.database.url, server.config, silentLogger);
  });

  async function evaluationOf(id: string, at: 'LAST' | 'BEST' = 'LAST'): Promise<EvaluationAnswer | null> {
    const { data, errors } = await server.query<{ run: { evaluation: EvaluationAnswer | null } }>(
      `query ($id: ID!, $at: EvaluationMoment!) {
        run(id: $id) { evaluation(at: $at) {
          step epoch loss tasks { name labelled accuracy macroF1 confusion classes { label support f1 } }
        } }
      }`,
      { id, at },
    );
    assert.equal(errors, undefined);
    return data.run.evaluation;
  }

  async function ask(variables: object) {
    const { data, errors } = await server.query<{
      run: {
        predictions: {
          totalCount: number;
          pageInfo: { hasNextPage: boolean; endCursor: string };
          edges: { node: PredictionAnswer }[];
        } | null;
      };
    }>(PREDICTIONS, variables);
    const found = errors === undefined ? data.run.predictions : null;
    return { errors, found, nodes: found?.edges.map(({ node }) => node) ?? [] };
  }

  const lastOf = async (id: string, name: string) =>
    (
      await server.database.prisma.metricSummary.findUniqueOrThrow({
        where: { runId_name: { runId: id, name } },
      })
    ).last;

  describe('that finished', () => {
    let id: string;
    before(async () => {
      id = await finishedRun(server, 'finished', sampleDefinition());
    });

    it('keep the newest confusion matrices, which say what the metrics say', async () => {
      const evaluation = (await evaluationOf(id))!;
      assert.equal(evaluation.step, 6);
      assert.equal(evaluation.epoch, 2);
      assert.equal(evaluation.loss, await lastOf(id, 'validation/loss'));
      assert.deepEqual(
        evaluation.tasks.map(({ name, labelled }) => [name, labelled]),
        [
          ['topic', 12],
          ['sentiment', 11],
        ],
      );
      for (const { name, labelled, accuracy, macroF1, confusion, classes } of evaluation.tasks) {
        assert.equal(accuracy, await lastOf(id, `validation/${name}/accuracy`));
        assert.equal(macroF1, await lastOf(id, `validation/${name}/macroF1`));
        assert.equal(
          confusion.flat().reduce((sum, count) => sum + count),
          labelled,
        );
        assert.deepEqual(
          classes.map(({ support }) => support),
          confusion.map((counts) => counts.reduce((sum, count) => sum + count)),
        );
      }
    });

    it('list every validation row with its sentence and probabilities, worst first', async () => {
      const { found, nodes } = await ask({ id, task: 'sentiment' });
      assert.equal(found!.totalCount, 12);
      assert.deepEqual(
        nodes.map(({ row }) => row).toSorted((a, b) => a - b),
        [...Array(12).keys()].map((row) => row + 6),
      );
      const losses = nodes.map(({ loss }) => loss);
      assert.equal(losses.at(-1), null, 'the row without a label comes last');
      assert.deepEqual(
        losses.slice(0, -1),
        losses.slice(0, -1).toSorted((a, b) => b! - a!),
      );
      for (const { row, sentence, label, predicted, loss, probabilities } of nodes) {
        assert.equal(sentence, rows[row]!.sentence);
        assert.equal(label, rows[row]!.labels.sentiment ?? null);
        const likeliest = probabilities.reduce((a, b) => (b.probability > a.probability ? b : a));
        assert.equal(predicted, likeliest.label);
        if (label === null) continue;
        const ofLabel = probabilities.find((one) => one.label === label)!.probability;
        assert.equal(loss, -Math.log(ofLabel));
      }
    });

    it('list mistakes alone, or a cell of the confusion matrix, with as many rows as it counts', async () => {
      const { tasks } = (await evaluationOf(id))!;
      for (const { name, confusion, classes } of tasks) {
        const mistakes = confusion.flatMap((counts, actual) => counts.filter((_, said) => said !== actual));
        const { found, nodes } = await ask({ id, task: name, mistakesOnly: true });
        assert.equal(
          found!.totalCount,
          mistakes.reduce((sum, count) => sum + count),
        );
        assert.ok(nodes.every(({ label, predicted }) => label !== null && label !== predicted));
        for (const [actual, { label }] of classes.entries())
          for (const [said, { label: predicted }] of classes.entries()) {
            const cell = await ask({ id, task: name, label, predicted });
            assert.equal(cell.found!.totalCount, confusion[actual]![said]);
          }
      }
    });

    it('are paged by cursors that lead through all of them once, in either order', async () => {
      for (const orderBy of ['ROW', 'WORST']) {
        const whole = await ask({ id, task: 'topic', orderBy });
        const seen: number[] = [];
        let after: string | null = null;
        for (;;) {
          const { found, nodes } = await ask({ id, task: 'topic', orderBy, first: 5, after });
          seen.push(...nodes.map(({ row }) => row));
          after = found!.pageInfo.endCursor;
          if (!found!.pageInfo.hasNextPage) break;
        }
        assert.deepEqual(
          seen,
          whole.nodes.map(({ row }) => row),
        );
      }
    });

    it('name what is there when a task, a class or a cursor is not', async () => {
      for (const [variables, path, message] of [
        [{ task: 'mood' }, 'task', /expected one of topic, sentiment, got "mood"/],
        [{ task: 'topic', label: 'Sports' }, 'label', /expected one of .*Technology.*, got "Sports"/],
        [{ task: 'topic', after: Buffer.from('1').toString('base64url') }, 'after', /under the same filter/],
      ] as const) {
        const { errors } = await ask({ id, ...variables });
        assert.equal(errors?.[0]?.extensions.code, 'BAD_USER_INPUT');
        assert.equal(errors[0].extensions.path, path);
        assert.match(errors[0].message, message);
      }
    });
  });

  it('keep the best one beside the newest when the run got worse after it', async () => {
    const training = { epochs: 8, batchSize: 2, learningRate: 0.3, dropout: 0, maxLength: 32, seed: 7 };
    const id = await finishedRun(server, 'got worse', sampleDefinition({ training }));
    const { min, minStep } = await server.database.prisma.metricSummary.findUniqueOrThrow({
      where: { runId_name: { runId: id, name: 'validation/loss' } },
    });
    const [best, last] = [(await evaluationOf(id, 'BEST'))!, (await evaluationOf(id, 'LAST'))!];
    assert.deepEqual([best.step, best.loss], [minStep, min]);
    assert.equal(last.step, 24);
    assert.ok(best.step < last.step);
    for (const [at, { tasks }] of [
      ['BEST', best],
      ['LAST', last],
    ] as const) {
      const { found } = await ask({ id, at, task: 'topic', mistakesOnly: true });
      const { confusion } = tasks[0]!;
      const wrong = confusion.flatMap((counts, actual) => counts.filter((_, said) => said !== actual));
      assert.equal(
        found!.totalCount,
        wrong.reduce((sum, count) => sum + count),
        at,
      );
    }
  });

  it('are there while a run trains, and stay with their predictions when it is cancelled', async () => {
    const training = { epochs: 5000, batchSize: 2, learningRate: 1e-5, dropout: 0, maxLength: 32 };
    const [id] = await launchRuns(server, 'cancelled', sampleDefinition({ training }));
    await until(async () => (await evaluationOf(id!)) !== null);
    assert.equal(
      (await ask({ id, task: 'topic' })).found,
      null,
      'predictions come with a checkpoint or the end',
    );
    await server.query('mutation ($input: RunInput!) { cancelRun(input: $input) { run { id } } }', {
      input: { id },
    });
    await waitForRun(server, id!, 'CANCELLED');
    const evaluation = (await evaluationOf(id!))!;
    assert.equal(evaluation.loss, await lastOf(id!, 'validation/loss'));
    assert.equal((await ask({ id, task: 'topic' })).found!.totalCount, 12);
    await checkBlobs();

    const before = await server.database.prisma.runPredictions.findMany({ where: { runId: id } });
    await server.query('mutation ($input: RunInput!) { resumeRun(input: $input) { run { id } } }', {
      input: { id },
    });
    await until(async () => (await evaluationOf(id!))!.step > evaluation.step);
    await server.query('mutation ($input: RunInput!) { cancelRun(input: $input) { run { id } } }', {
      input: { id },
    });
    await waitForRun(server, id!, 'CANCELLED');
    const after = await server.database.prisma.runPredictions.findMany({ where: { runId: id } });
    assert.notDeepEqual(after, before);
    await checkBlobs();
  });

  it('are null for runs without validation rows', async () => {
    const id = await finishedRun(server, 'unsplit', sampleDefinition({ dataset: 'unsplit' }));
    assert.equal(await evaluationOf(id), null);
    assert.equal((await ask({ id, task: 'topic' })).found, null);
  });

  /** Bytes of replaced predictions are gone, those of others are there. */
  async function checkBlobs(): Promise<void> {
    await until(async () => {
      const { rows: orphans } = await server.database.pool.query(
        `SELECT sha256 FROM blob WHERE sha256 NOT IN (
           SELECT sha256 FROM run_predictions UNION SELECT sha256 FROM checkpoint
           UNION SELECT sha256 FROM run_record UNION SELECT sha256 FROM run_fork)`,
      );
      return orphans.length === 0;
    });
    for (const { sha256 } of await server.database.prisma.runPredictions.findMany())
      assert.ok(await server.services.blobs.has(sha256));
  }
});
