import assert from 'node:assert/strict';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { insertRun, sampleDataset, sampleDefinition } from '../../support/factories.js';
import { launchRuns, waitForRun } from '../../support/runs.js';
import { useServer } from '../../support/server.js';
import { startWorker } from '../../support/workerProcess.js';

interface SpreadAnswer {
  n: number;
  nonFinite: number;
  mean: number | null;
  deviation: number | null;
  min: number | null;
  max: number | null;
}

interface ComparisonAnswer {
  baseline: string;
  inputs: { input: string; name: string; values: unknown[] }[];
  groups: {
    label: string;
    runs: string[];
    seeds: number[];
    unfinished: number;
    trainableShare: number;
    seconds: SpreadAnswer;
    cost: { computeSeconds: number | null; deviceSeconds: number; wastedSeconds: number };
    metrics: (SpreadAnswer & { name: string; delta: number | null; deltaError: number | null })[];
  }[];
  explanations: {
    run: string;
    explained: string;
    summary: string;
    changes: { input: string; detail: string }[];
    notPromised: string[];
  }[];
  verdict: { metrics: string[]; tolerance: number; best: number | null; keep: number | null; reason: string };
}

const COMPARE = `query ($ids: [ID!]!, $baseline: ID, $metric: String) {
  compareRuns(ids: $ids, baseline: $baseline, metric: $metric) {
    baseline inputs { input name values }
    groups {
      label runs seeds unfinished trainableShare seconds { n mean deviation } cost { computeSeconds deviceSeconds wastedSeconds }
      metrics { name n nonFinite mean deviation min max delta deltaError }
    }
    explanations { run explained summary changes { input detail } notPromised }
    verdict { metrics tolerance best keep reason }
  }
}`;

describe('what compareRuns explains', () => {
  const server = useServer();
  let full: string;
  let otherSeed: string;
  let headOnly: string;
  let again: string;
  before(async () => {
    const { database } = server;
    await createDataset(database, 'sample', sampleDataset());
    await startWorker(server.config, database);
    const { training } = sampleDefinition() as { training: object };
    const sweep = { freeze: [{ preset: 'full' }, { preset: 'head-only' }], 'training.seed': [7, 8] };
    const runs = await launchRuns(server, 'sweep', sampleDefinition({ training, sweep }));
    [full, otherSeed, headOnly] = runs as [string, string, string];
    await launchRuns(server, 'again', sampleDefinition());
    const { data } = await server.query<{ launchExperiment: { runs: { id: string }[] } }>(
      'mutation { launchExperiment(input: { experiment: "again", force: true }) { runs { id } } }',
    );
    again = data.launchExperiment.runs[0]!.id;
    for (const id of [full, otherSeed, headOnly, again]) await waitForRun(server, id, 'FINISHED');
  });

  const compare = async (ids: string[], more: object = {}): Promise<ComparisonAnswer> => {
    const { data, errors } = await server.query<{ compareRuns: ComparisonAnswer }>(COMPARE, { ids, ...more });
    assert.equal(errors, undefined);
    return data.compareRuns;
  };

  it('finds that a run which was repeated has the same bits, and other seeds differ by the seed', async () => {
    const { explanations, inputs } = await compare([full, again, otherSeed]);
    assert.deepEqual(
      explanations.map(({ run, explained, changes }) => [run, explained, changes]),
      [
        [again, 'SAME_BITS', []],
        [
          otherSeed,
          'INPUTS_DIFFER',
          [{ input: 'definition', detail: 'training.seed: 7 in the baseline, 8 here' }],
        ],
      ],
    );
    assert.deepEqual(inputs, [{ input: 'definition', name: 'training.seed', values: [7, 7, 8] }]);
  });

  it('gathers seeds into groups with mean, deviation and their own deltas; a repetition counts once', async () => {
    const { groups } = await compare([headOnly, full, otherSeed, again]);
    assert.deepEqual(
      groups.map(({ label, runs, seeds, unfinished }) => ({ label, runs, seeds, unfinished })),
      [
        { label: 'head-only', runs: [headOnly], seeds: [7], unfinished: 0 },
        { label: 'full', runs: [full, otherSeed, again], seeds: [7, 8], unfinished: 0 },
      ],
    );
    assert.ok(groups[0]!.trainableShare < groups[1]!.trainableShare);
    assert.equal(groups[1]!.seconds.n, 3);
    const losses = await server.database.prisma.metricSummary.findMany({
      where: { name: 'epoch/loss', runId: { in: [full, otherSeed, headOnly] } },
    });
    const [a, b, base] = [full, otherSeed, headOnly].map(
      (id) => losses.find(({ runId }) => runId === id)!.last,
    );
    const loss = groups[1]!.metrics.find(({ name }) => name === 'epoch/loss')!;
    const mean = (a! + b!) / 2;
    assert.equal(loss.n, 2);
    assert.equal(loss.mean, mean);
    assert.ok(
      Math.abs(loss.deviation! - Math.abs(a! - b!) / Math.SQRT2) < 1e-12,
      'the sample deviation of two',
    );
    assert.equal(loss.delta, mean - base!);
    assert.equal(loss.deltaError, null, 'a single run has no spread');
  });

  it('says unexplained when inputs match and bits do not, and knows when bits were not promised', async () => {
    const { pool } = server.database;
    const { weightsSha256 } = await server.database.prisma.run.findUniqueOrThrow({ where: { id: again } });
    const only = async () => (await compare([full, again])).explanations[0]!;
    await pool.query('UPDATE run SET weights_sha256 = $2 WHERE id = $1', [again, '0'.repeat(64)]);
    const unexplained = await only();
    assert.deepEqual([unexplained.explained, unexplained.changes], ['UNEXPLAINED', []]);
    assert.equal(unexplained.summary, 'unexplained: inputs match and bits do not');

    await pool.query(`UPDATE run SET provenance = provenance || '{"deterministic": false}' WHERE id = $1`, [
      again,
    ]);
    const notPromised = await only();
    assert.equal(notPromised.explained, 'NOT_PROMISED');
    assert.match(notPromised.notPromised[0]!, /where the run was computed, does not promise equal bits/);

    await pool.query(
      `UPDATE run SET provenance = provenance || '{"engineDigest": "${'f'.repeat(64)}", "nodeVersion": "v1.0.0"}' WHERE id = $1`,
      [again],
    );
    const changed = await only();
    assert.equal(changed.explained, 'INPUTS_DIFFER');
    assert.deepEqual(
      changed.changes.map(({ input }) => input),
      ['code', 'versions'],
    );
    assert.match(changed.changes[1]!.detail, /^node: "v\d+.* in the baseline, "v1\.0\.0" here$/);

    await pool.query('UPDATE run SET weights_sha256 = $2 WHERE id = $1', [again, weightsSha256]);
    assert.equal((await only()).explained, 'SAME_BITS');
    await pool.query(`UPDATE run SET provenance = '{}', weights_sha256 = $2 WHERE id = $1`, [
      again,
      '1'.repeat(64),
    ]);
    const unknown = await only();
    assert.equal(unknown.explained, 'UNKNOWN');
    assert.match(unknown.summary, /not recorded of both runs: dataset, weights/);
    await pool.query('UPDATE run SET weights_sha256 = NULL WHERE id = $1', [again]);
    assert.match((await only()).summary, /the run has no final weights/);
  });

  it('keeps the cheapest group that is as good as the best', async () => {
    const { pool } = server.database;
    const judge = async (accuracies: [string, number][], seconds: [string, number][], metric?: string) => {
      for (const [id, value] of accuracies)
        await pool.query(
          `UPDATE metric_summary SET last = $2 WHERE run_id = $1 AND name IN ('epoch/topic/accuracy', 'epoch/sentiment/accuracy', 'epoch/loss')`,
          [id, value],
        );
      for (const [id, value] of seconds)
        await pool.query('UPDATE run SET compute_seconds = $2 WHERE id = $1', [id, value]);
      return (await compare([full, headOnly], { metric })).verdict;
    };
    const near = await judge(
      [
        [full, 0.9],
        [headOnly, 0.895],
      ],
      [
        [full, 10],
        [headOnly, 2],
      ],
    );
    assert.deepEqual(near.metrics.sort(), ['epoch/sentiment/accuracy', 'epoch/topic/accuracy']);
    assert.deepEqual([near.best, near.keep, near.tolerance], [0, 1, 0.01]);
    assert.equal(
      near.reason,
      'keep head-only: 0.895 is within 0.01 of the best (0.9, full), and takes 2 s instead of 10 s',
    );
    const far = await judge([[headOnly, 0.88]], []);
    assert.deepEqual([far.best, far.keep], [0, 0]);
    const byLoss = await judge([], [], 'epoch/loss');
    assert.deepEqual([byLoss.best, byLoss.keep, byLoss.tolerance], [1, 1, 0]);
    const { verdict } = await compare([full, otherSeed]);
    assert.equal(verdict.keep, null);
    assert.match(verdict.reason, /nothing to choose between/);
  });

  it('counts what lost attempts wasted by the steps that were made again', async () => {
    const { id } = await insertRun(server.database, { state: 'FINISHED' });
    const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
    const attempts = [
      { state: 'LOST' as const, firstStep: 0, lastStep: 40, startedAt: at(0), finishedAt: at(20) },
      { state: 'LOST' as const, firstStep: 30, lastStep: null, startedAt: at(20), finishedAt: at(22) },
      { state: 'FINISHED' as const, firstStep: 30, lastStep: 80, startedAt: at(30), finishedAt: at(60) },
    ];
    await server.database.prisma.attempt.createMany({
      data: attempts.map((attempt, index) => ({ runId: id, number: index + 1, ...attempt })),
    });
    const { data } = await server.query(
      'query ($id: ID!) { run(id: $id) { cost { deviceSeconds wastedSeconds } } }',
      {
        id,
      },
    );
    assert.deepEqual(data.run, { cost: { deviceSeconds: 52, wastedSeconds: 5 + 2 } });
  });

  it('compares with the run that is named, and refuses baselines and metrics that are not there', async () => {
    const { baseline, explanations } = await compare([full, headOnly], { baseline: headOnly });
    assert.deepEqual([baseline, explanations.map(({ run }) => run)], [headOnly, [full]]);
    const cases: [object, string][] = [
      [{ baseline: otherSeed }, 'baseline'],
      [{ metric: 'nothing/loss' }, 'metric'],
      [{ metric: 'train/learningRate' }, 'metric'],
    ];
    for (const [more, path] of cases) {
      const { errors } = await server.query(COMPARE, { ids: [full, headOnly], ...more });
      assert.deepEqual(errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path });
    }
  });
});
