'use client';

import { Card } from '@/components/ui/Card';
import { Ago, Digest, Facts } from '@/components/ui/Values';
import type { RunDetail } from '@/lib/api/use-run';
import { formatBytes, formatCount, formatSeconds, plural } from '@/lib/format';

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

const kinds: Record<string, string> = {
  checkpoint: 'training state to go on from',
  best: 'training state at the best evaluation',
  final: 'the finished weights',
};

/** Weights the run left behind. */
export function RunCheckpoints({ run }: { run: RunDetail }) {
  if (run.checkpoints.length === 0)
    return (
      <Card title="Checkpoints">
        <p className="text-muted">
          None yet. One is stored each minute while the run trains, or as often as its definition says, and
          the weights at the end.
        </p>
      </Card>
    );
  return (
    <Card title="Checkpoints" flush>
      <table className="table-plain">
        <thead>
          <tr>
            <th scope="col" className="num">
              Step
            </th>
            <th scope="col" className="num">
              Epoch
            </th>
            <th scope="col">Kind</th>
            <th scope="col">Digest</th>
            <th scope="col" className="num">
              Size
            </th>
            <th scope="col" className="num">
              Stored
            </th>
          </tr>
        </thead>
        <tbody>
          {run.checkpoints.map((checkpoint) => (
            <tr key={`${checkpoint.kind}-${checkpoint.step}-${checkpoint.sha256}`}>
              <td className="num">{formatCount(checkpoint.step)}</td>
              <td className="num">{formatCount(checkpoint.epoch)}</td>
              <td title={kinds[checkpoint.kind]}>{checkpoint.kind}</td>
              <td>
                <Digest value={checkpoint.sha256} name="checkpoint digest" />
              </td>
              <td className="num">{formatBytes(checkpoint.bytes)}</td>
              <td className="num">
                <Ago instant={checkpoint.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
