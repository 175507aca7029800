'use client';

import { RunStateBadge } from '@/components/runs/RunStateBadge';
import { Card } from '@/components/ui/Card';
import { Ago, Digest, Facts } from '@/components/ui/Values';
import type { RunDetail } from '@/lib/api/use-run';
import { formatBytes, formatCount, formatSeconds, plural } from '@/lib/format';

function between(from: string | null, to: string | null): number | null {
  return from && to ? (Date.parse(to) - Date.parse(from)) / 1000 : null;
}

/** Each time the run was tried, with the steps it covered. */
export function RunAttempts({ run }: { run: RunDetail }) {
  return (
    <Card title="Attempts" flush>
      <table className="table-plain">
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">State</th>
            <th scope="col">Worker</th>
            <th scope="col" className="num">
              Steps
            </th>
            <th scope="col" className="num">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {run.attempts.map((attempt) => (
            <tr key={attempt.number}>
              <td>{attempt.number}</td>
              <td>
                <RunStateBadge state={attempt.state} />
                {attempt.error && <p className="mt-1 text-bad">{attempt.error.message}</p>}
              </td>
              <td>
                {attempt.worker ?? '—'}
                {attempt.device && <span className="text-muted"> · {attempt.device}</span>}
              </td>
              <td className="num">
                {formatCount(attempt.firstStep)}–{formatCount(attempt.lastStep)}
              </td>
              <td className="num">{formatSeconds(between(attempt.startedAt, attempt.finishedAt))}</td>
            </tr>
          ))}
          {run.attempts.length === 0 && (
            <tr>
              <td colSpan={5} className="text-muted">
                Waiting for a worker.
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </Card>
  );
}

/** What the run took, and what the feature cache spared it. */
export function RunCost({ run }: { run: RunDetail }) {
  const { queuedSeconds, computeSeconds, savedSeconds, featureRowsComputed, featureRowsReused } = run.cost;
  const features =
    featureRowsComputed === null && featureRowsReused === null
      ? '—'
      : `${plural(featureRowsComputed ?? 0, 'row')} computed, ${formatCount(featureRowsReused ?? 0)} reused`;
  return (
    <Card title="Cost">
      <Facts
        rows={[
          ['Queued', formatSeconds(queuedSeconds)],
          ['Compute', formatSeconds(computeSeconds)],
          ['Saved', formatSeconds(savedSeconds)],
          ['Frozen features', features],
          ['Created', <Ago key="created" instant={run.createdAt} />],
          ['Finished', <Ago key="finished" instant={run.finishedAt} />],
        ]}
      />
    </Card>
  );
}

/** Weights the run left behind. */
export function RunCheckpoints({ run }: { run: RunDetail }) {
  if (run.checkpoints.length === 0) return null;
  return (
    <Card title="Checkpoints" flush>
      <table className="table-plain">
        <thead>
          <tr>
            <th scope="col" className="num">
              Step
            </th>
            <th scope="col">Kind</th>
            <th scope="col">Digest</th>
            <th scope="col" className="num">
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          {run.checkpoints.map((checkpoint) => (
            <tr key={`${checkpoint.kind}-${checkpoint.step}-${checkpoint.sha256}`}>
              <td className="num">{formatCount(checkpoint.step)}</td>
              <td>{checkpoint.kind}</td>
              <td>
                <Digest value={checkpoint.sha256} name="checkpoint digest" />
              </td>
              <td className="num">{formatBytes(checkpoint.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
