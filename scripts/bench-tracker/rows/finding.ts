import pg from 'pg';
import { seedRuns } from '../../../test/support/seedRuns.js';
import { median } from '../../bench/statistics.js';
import { type Row } from '../row.js';

const READS = 40;
const METRIC = 'validation/topic/accuracy';
const FIND = `query ($where: RunFilter, $orderBy: [RunOrder!]) {
  runs(first: 50, where: $where, orderBy: $orderBy) {
    edges { node { id name state metrics { name last min max best } } }
  }
}`;

interface Found {
  runs: { edges: { node: { metrics: { name: string; last: number | null }[] } }[] };
}

export const filter: Row = {
  id: 'filter',
  title: '50 runs of 10,000, filtered by a metric and a setting, ordered by a metric',
  target: 100,
  unit: 'ms',
  better: 'lower',
  async measure({ client, databaseUrl, quick }, details) {
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
    await seedRuns(pool, quick ? 1000 : 10_000).finally(() => pool.end());
    const own = client(1);
    const times: number[] = [];
    for (let read = 0; read < READS; read += 1) {
      // Another bound each time: no answer can come from a cache.
      const bound = 0.8 + 0.0001 * read;
      const start = performance.now();
      const answer = await own.query<Found>(FIND, {
        where: {
          metric: { name: METRIC, gt: bound },
          setting: { path: 'training.learningRate', eq: 2e-5 },
        },
        orderBy: [{ metric: { name: METRIC }, direction: 'DESC' }],
      });
      times.push(performance.now() - start);
      check(answer, bound);
    }
    own.close();
    details.slowest = Math.round(Math.max(...times));
    return median(times);
  },
};

function check({ runs }: Found, bound: number): void {
  const values = runs.edges.map(
    ({ node }) => node.metrics.find(({ name }) => name === METRIC)?.last ?? Number.NaN,
  );
  const isRight =
    values.length === 50 &&
    values.every((value, index) => value > bound && (index === 0 || value <= values[index - 1]!));
  if (!isRight) throw new Error(`expected 50 runs above ${bound}, best first, got ${values.join(', ')}`);
}
