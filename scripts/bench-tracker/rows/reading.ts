import { median } from '../../bench/statistics.js';
import { HISTORY, type HistoryAnswer, logCurves, startRun } from '../operations.js';
import { type Bench, type Row } from '../row.js';

const NAME = 'train/loss';

export const history: Row = {
  id: 'history',
  title: '`metricHistory` of a 1,000,000-point series at 1,000 buckets',
  target: 100,
  unit: 'ms',
  better: 'lower',
  measure: (bench, details) =>
    measureReading(bench, details, { runs: 1, points: bench.quick ? 100_000 : 1_000_000, reads: 30 }),
};

export const overlay: Row = {
  id: 'overlay',
  title: 'the same for 50 runs × 100,000 points overlaid',
  target: 500,
  unit: 'ms',
  better: 'lower',
  measure: (bench, details) =>
    measureReading(bench, details, { runs: bench.quick ? 10 : 50, points: 100_000, reads: 15 }),
};

/** Median time from sending the query to having parsed the answer. */
async function measureReading(
  { client }: Bench,
  details: Record<string, unknown>,
  { runs, points, reads }: { runs: number; points: number; reads: number },
): Promise<number> {
  const own = client(4);
  const runIds = await Promise.all(Array.from({ length: runs }, () => startRun(own)));
  await logCurves(
    own,
    runIds.map((runId) => ({ runId, name: NAME, points })),
  );
  const times: number[] = [];
  for (let read = 0; read < reads; read += 1) {
    const start = performance.now();
    const answer = await own.query<HistoryAnswer>(HISTORY, { runIds, names: [NAME] });
    times.push(performance.now() - start);
    check(answer, { runs, points });
  }
  own.close();
  details.slowest = Math.round(Math.max(...times));
  return median(times);
}

/** A fast answer that leaves points out would not count. */
function check({ metricHistory }: HistoryAnswer, { runs, points }: { runs: number; points: number }): void {
  const counts = metricHistory.map(({ buckets }) => buckets.reduce((sum, { count }) => sum + count, 0));
  const isRight = counts.length === runs && counts.every((count) => count === points);
  if (!isRight || metricHistory.some(({ buckets }) => buckets.length < 900 || buckets.length > 1000)) {
    throw new Error(`expected ${runs} curves of ${points} points, got ${counts.join(', ')}`);
  }
}
