'use client';

import Link from 'next/link';
import { useState } from 'react';
import { AsButton, Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { Page } from '@/components/ui/Page';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { Ago, Digest } from '@/components/ui/Values';
import { useDatasetRows } from '@/lib/api/use-library';
import { formatCount, plural } from '@/lib/format';
import { useUrlState } from '@/lib/url-state';
import { LabelBalance } from './LabelBalance';

const PAGE = 50;

/** One dataset: its labels' balance and its rows. */
export function DatasetPage({ name }: { name: string }) {
  const [params] = useUrlState();
  const wanted = Number(params.get('version') ?? 0);
  const [count, setCount] = useState(PAGE);
  const { dataset, missing, fetching, error, reload } = useDatasetRows(
    name,
    wanted > 0 ? wanted : null,
    count,
  );
  if (error)
    return (
      <Page title={name}>
        <ErrorState error={error} retry={reload} />
      </Page>
    );
  if (!dataset && missing)
    return (
      <Page title="No such dataset">
        <EmptyState title={`There is no dataset ${name}${wanted > 0 ? ` in version ${wanted}` : ''}`}>
          <AsButton look="primary">
            <Link href="/datasets">All datasets</Link>
          </AsButton>
        </EmptyState>
      </Page>
    );
  if (!dataset)
    return (
      <Page title={name}>
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines lines={9} label="Loading the dataset" />
        </div>
      </Page>
    );
  const { rows, tasks } = dataset;
  return (
    <Page
      documentTitle={dataset.name}
      title={dataset.name}
      lead={
        <span className="flex flex-wrap items-center gap-x-3">
          <span>Version {dataset.version}</span>
          <span>{plural(dataset.rowCount, 'row')}</span>
          <Ago instant={dataset.createdAt} />
          <Digest value={dataset.digest} name="dataset digest" />
        </span>
      }
    >
      <Card title="Label balance">
        <div className="grid gap-4 md:grid-cols-2">
          {tasks.map((task) => (
            <div key={task.name}>
              <h3 className="mb-1 text-table font-medium">{task.name}</h3>
              <LabelBalance task={task} />
            </div>
          ))}
        </div>
      </Card>
      <Card title="Rows" note={`${formatCount(rows.edges.length)} of ${formatCount(rows.totalCount)}`} flush>
        <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label="Rows">
          <table className="table-plain">
            <thead>
              <tr>
                <th scope="col" className="num">
                  #
                </th>
                <th scope="col">Sentence</th>
                <th scope="col">Split</th>
                {tasks.map((task) => (
                  <th key={task.name} scope="col">
                    {task.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.edges.map(({ node }) => (
                <tr key={node.index}>
                  <td className="num text-muted">{node.index}</td>
                  <td className="min-w-56 text-body break-words">{node.sentence}</td>
                  <td className="text-muted">{node.split.toLowerCase()}</td>
                  {tasks.map((task) => (
                    <td key={task.name} className="whitespace-nowrap">
                      {node.labels.find((label) => label.task === task.name)?.label ?? (
                        <span className="text-muted">—</span>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {rows.pageInfo.hasNextPage && (
          <div className="px-4 pt-1 pb-3">
            <Button small disabled={fetching} onClick={() => setCount(count + PAGE * 2)}>
              {fetching ? 'Loading…' : 'Show more'}
            </Button>
          </div>
        )}
      </Card>
    </Page>
  );
}
