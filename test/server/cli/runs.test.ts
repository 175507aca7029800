import assert from 'node:assert/strict';
import { runCli } from '../../support/cli.js';
import { insertRun } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

describe('frostline runs', () => {
  const server = useServer();
  before(async () => {
    for (const [name, loss] of [
      ['middle', 0.5],
      ['worst', 2],
      ['best', 0.125],
    ] as const) {
      const { id } = await insertRun(server.database, { name, seed: 3 });
      await server.database.pool.query(
        `INSERT INTO metric_summary (run_id, name, count, non_finite, last, last_step, min, min_step, max, max_step)
         VALUES ($1, 'validation/loss', 2, 0, 9, 2, $2, 1, 9, 2)`,
        [id, loss],
      );
    }
    await insertRun(server.database, { name: 'another seed', seed: 4 });
  });
  const runs = (...args: string[]) => runCli(['runs', ...args], { env: { FROSTLINE_URL: server.url } });

  it('lists what a query finds in the order that is asked for, with the metric it is sorted by', async () => {
    const { status, stdout, stderr } = await runs(
      '--query',
      'seed = 3',
      '--sort',
      'metric.validation/loss.min',
    );
    assert.equal(status, 0, stderr);
    const [head, ...rows] = stdout
      .trim()
      .split('\n')
      .filter((line) => /[a-z]/.test(line));
    assert.match(head!, /validation\/loss\.min/);
    assert.deepEqual(
      rows.map((row) => /(best|middle|worst) .* (0\.125|0\.5|2) /.exec(row)?.slice(1)),
      [
        ['best', '0.125'],
        ['middle', '0.5'],
        ['worst', '2'],
      ],
    );
    const other = await runs('--sort', 'name', '--descending', '--limit', '1', '--json');
    assert.equal((JSON.parse(other.stdout) as { name: string }).name, 'worst');
  });

  it('points at the column where a query or a field stops to make sense', async () => {
    const query = await runs('--query', 'seed = three');
    assert.deepEqual(
      [query.status, query.stderr],
      [2, 'frostline: query: column 8: expected a number, got three\n'],
    );
    const sort = await runs('--sort', 'metric.');
    assert.equal(sort.status, 2);
    assert.match(sort.stderr, /^frostline: --sort: column 1: expected a name on both sides of each dot/);
    assert.match((await runs('--sort', 'tag')).stderr, /^frostline: --sort: expected one of state, name/);
  });
});
