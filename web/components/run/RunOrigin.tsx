'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { Card } from '@/components/ui/Card';
import { CopyButton } from '@/components/ui/Snippet';
import { Digest, Facts } from '@/components/ui/Values';
import type { RunDetail } from '@/lib/api/use-run';
import { formatCount } from '@/lib/format';
import { flattenSettings, settingText } from '@/lib/settings';

/** The run's definition, setting by setting. */
export function RunDefinition({ run }: { run: RunDetail }) {
  const text = JSON.stringify(run.definition, null, 2);
  const rows = flattenSettings(run.definition).map(({ path, value }): [string, ReactNode] => [
    path,
    settingText(value),
  ]);
  return (
    <Card title="Definition" actions={<CopyButton text={text} label="Copy the definition as JSON" />}>
      <Facts
        rows={[
          ...rows,
          ['digest', <Digest key="digest" value={run.definitionDigest} name="definition digest" />],
        ]}
      />
    </Card>
  );
}

/** Everything that decided the run's result. */
export function RunProvenance({ run }: { run: RunDetail }) {
  const source = run.provenance;
  const rows: [string, ReactNode][] = [
    ['Backbone', source.randomWeights ? 'random weights' : (source.backboneSource ?? '—')],
    ['Backbone weights', <Digest key="b" value={source.backboneSha256} name="backbone digest" />],
    ['Tokenizer', <Digest key="t" value={source.tokenizerSha256} name="tokenizer digest" />],
    [
      'Dataset',
      <span key="d" className="flex flex-wrap items-center gap-x-2">
        {run.dataset && (
          <Link
            className="link break-all"
            prefetch={false}
            href={`/datasets/${encodeURIComponent(run.dataset.name)}?version=${run.dataset.version}`}
          >
            {run.dataset.name}@{run.dataset.version}
          </Link>
        )}
        <Digest value={source.datasetDigest} name="dataset digest" />
      </span>,
    ],
    ['Trained weights', <Digest key="w" value={run.weightsSha256} name="digest of the trained weights" />],
    ['Device', [source.device, source.cpu].filter(Boolean).join(' · ') || '—'],
    ['Threads', formatCount(source.threads)],
    ['Engine', source.engineVersion ?? '—'],
    ['Node', source.nodeVersion ?? '—'],
    [
      'Commit',
      source.gitCommit ? `${source.gitCommit.slice(0, 10)}${source.gitDirty ? ' with changes' : ''}` : '—',
    ],
    ['Command', source.command ? <code key="c">{source.command}</code> : '—'],
    ...flattenSettings(source.packages ?? {}).map(({ path, value }): [string, ReactNode] => [
      path,
      settingText(value),
    ]),
  ];
  return (
    <Card
      title="Provenance"
      note={source.randomWeights ? 'the backbone started from seeded random weights' : undefined}
    >
      <Facts rows={rows.filter(([name]) => name !== '')} />
    </Card>
  );
}
