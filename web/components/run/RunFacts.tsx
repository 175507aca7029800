'use client';

import type { ReactNode } from 'react';
import { RunStateBadge } from '@/components/runs/RunStateBadge';
import { Card } from '@/components/ui/Card';
import { CopyButton } from '@/components/ui/Snippet';
import { Ago, Digest, Facts } from '@/components/ui/Values';
import type { RunDetail } from '@/lib/api/use-run';
import { formatBytes, formatCount, formatSeconds, plural } from '@/lib/format';
import { flattenSettings, settingText } from '@/lib/settings';

function Definition({ run }: { run: RunDetail }) {
  const text = JSON.stringify(run.definition, null, 2);
  const rows = flattenSettings(run.definition).map(({ path, value }): [string, ReactNode] => [path, settingText(value)]);
  return (
    <Card title="Definition" actions={<CopyButton text={text} label="Copy the definition as JSON" />}>
      <Facts rows={[...rows, ['digest', <Digest key="digest" value={run.definitionDigest} name="definition digest" />]]} />
    </Card>
  );
}

function between(from: string | null, to: string | null): number | null {
  return from && to ? (Date.parse(to) - Date.parse(from)) / 1000 : null;
}

function Attempts({ run }: { run: RunDetail }) {
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

function Cost({ run }: { run: RunDetail }) {
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

function Provenance({ run }: { run: RunDetail }) {
  const source = run.provenance;
  const rows: [string, ReactNode][] = [
    ['Backbone', source.randomWeights ? 'random weights' : (source.backboneSource ?? '—')],
    ['Backbone weights', <Digest key="b" value={source.backboneSha256} name="backbone digest" />],
    ['Tokenizer', <Digest key="t" value={source.tokenizerSha256} name="tokenizer digest" />],
    ['Dataset', <Digest key="d" value={source.datasetDigest} name="dataset digest" />],
    ['Trained weights', <Digest key="w" value={run.weightsSha256} name="digest of the trained weights" />],
    ['Device', [source.device, source.cpu].filter(Boolean).join(' · ') || '—'],
    ['Threads', formatCount(source.threads)],
    ['Engine', source.engineVersion ?? '—'],
    ['Node', source.nodeVersion ?? '—'],
    ['Commit', source.gitCommit ? `${source.gitCommit.slice(0, 10)}${source.gitDirty ? ' with changes' : ''}` : '—'],
    ['Command', source.command ? <code key="c">{source.command}</code> : '—'],
    ...flattenSettings(source.packages ?? {}).map(({ path, value }): [string, ReactNode] => [path, settingText(value)]),
  ];
  return (
    <Card title="Provenance" note={source.randomWeights ? 'the backbone started from seeded random weights' : undefined}>
      <Facts rows={rows.filter(([name]) => name !== '')} />
    </Card>
  );
}

function Checkpoints({ run }: { run: RunDetail }) {
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

/** Everything that decided the run, and what it took. */
export function RunFacts({ run }: { run: RunDetail }) {
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Definition run={run} />
      <Attempts run={run} />
      <Cost run={run} />
      <Checkpoints run={run} />
      <Provenance run={run} />
    </div>
  );
}
