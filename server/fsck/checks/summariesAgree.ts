import { computeSummaries, rebuildSummaries } from '../../metrics/rebuildSummaries.js';
import { type Check, type Finding } from '../check.js';

export const summariesAgree: Check = {
  name: 'metrics',
  promise: 'what is said of each metric at a glance is what its history says; with --deep, for every run',
  async find({ database: { pool, prisma }, deep }) {
    const findings: Finding[] = [];
    // Without --deep those whose chunks and summaries do not even count alike, among runs of one attempt, where they must.
    const { rows } = await pool.query<{ id: string }>(
      deep
        ? `SELECT id FROM run WHERE state NOT IN ('STARTING', 'RUNNING') ORDER BY sequence`
        : `SELECT run.id FROM run WHERE state NOT IN ('STARTING', 'RUNNING') AND EXISTS (
             SELECT 1 FROM metric_summary summary WHERE summary.run_id = run.id AND NOT overlapped
               AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.run_id = run.id AND number > 1)
               AND count <> (SELECT coalesce(sum(chunk.count), 0) FROM metric_chunk chunk
                             WHERE chunk.run_id = run.id AND chunk.name = summary.name))
           ORDER BY sequence`,
    );
    for (const { id } of rows) {
      const expected = new Map(
        (await computeSummaries(pool, [{ runId: id, name: null }])).map((row) => [row.name, row]),
      );
      const kept = await prisma.metricSummary.findMany({ where: { runId: id, overlapped: false } });
      const wrong = kept.filter(({ name, count, last, min, max, lastStep }) => {
        const row = expected.get(name);
        return !(
          row?.count === count &&
          row.lastStep === lastStep &&
          isSame(row.last, last) &&
          row.min === min &&
          row.max === max
        );
      });
      if (wrong.length === 0) continue;
      findings.push({
        message: `run ${id}: ${wrong.map(({ name }) => name).join(', ')} disagree with their histories`,
        repair: (client) => rebuildSummaries(client, id),
      });
    }
    return findings;
  },
};

/** Postgres' drivers write -0 as 0: the two are one value, as NaN is one. */
const isSame = (one: number, other: number): boolean =>
  one === other || (Number.isNaN(one) && Number.isNaN(other));
