import assert from 'node:assert/strict';
import { appendMetrics } from '../../../server/metrics/appendMetrics.js';
import { pointsOf } from '../../../server/metrics/columns.js';
import { runCli } from '../../support/cli.js';
import { insertRunningAttempt } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

describe('frostline compare', () => {
  const server = useServer();
  const ids: string[] = [];
  before(async () => {
    for (const [name, learningRate, seed, accuracy, seconds] of [
      ['slow', 1e-3, 1, 0.9, 20],
      ['slow', 1e-3, 2, 0.92, 30],
      ['quick', 1e-2, 1, 0.905, 5],
    ] as const) {
      const { run, key } = await insertRunningAttempt(server.database, {
        name: `${name} ${seed}`,
        seed,
        definition: { name, training: { learningRate, seed } },
        computeSeconds: seconds,
        weightsSha256: String(ids.length).repeat(64),
      });
      const points = pointsOf([1], [accuracy], [1]);
      await appendMetrics(server.database.pool, key, [{ name: 'epoch/topic/accuracy', points }]);
      ids.push(run.id);
    }
  });
  const compare = (...args: string[]) =>
    runCli(['compare', ...ids, ...args], { env: { FROSTLINE_URL: server.url } });

  it('prints means over seeds, what explains each difference, and which group to keep', async () => {
    const { status, stdout, stderr } = await compare();
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^full, learningRate=0\.001 +2 +0\.9100 ± 0\.014 +50\.0 % +25\.00 ± 7\.1$/m);
    assert.match(stdout, /^full, learningRate=0\.01 +1 +0\.9050 +50\.0 % +5\.000$/m);
    assert.match(stdout, /^slow 2: explained by what differs: definition$/m);
    assert.match(
      stdout,
      /^keep full, learningRate=0\.01: 0\.905 is within 0\.01414 of the best \(0\.91, full, learningRate=0\.001\), and takes 5 s instead of 25 s$/m,
    );
  });

  it('says the same as JSON, judged by another metric where one is named', async () => {
    const { stdout } = await compare('--json', '--metric', 'epoch/topic/accuracy');
    const { verdict, groups } = JSON.parse(stdout) as {
      verdict: { keep: number };
      groups: { seeds: number[] }[];
    };
    assert.equal(verdict.keep, 1);
    assert.deepEqual(groups[0]!.seeds, [1, 2]);
    const refused = await compare('--metric', 'nothing');
    assert.deepEqual(
      [refused.status, refused.stderr],
      [2, 'frostline: metric: expected a metric of one of the runs, got "nothing"\n'],
    );
  });
});
