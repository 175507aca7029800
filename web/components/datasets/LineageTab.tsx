'use client';

import Link from 'next/link';
import { RunStateBadge } from '@/components/runs/RunStateBadge';
import { Card } from '@/components/ui/Card';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { Ago, Digest } from '@/components/ui/Values';
import { useDatasetRuns, type DatasetDetail } from '@/lib/api/use-datasets';
import { formatBytes, formatCount } from '@/lib/format';

const PAGE = 50;

function Versions({ dataset }: { dataset: DatasetDetail }) {
  return (
    <Card title="Versions" note={formatCount(dataset.versions.length)} flush>
      <div tabIndex={0} role="region" aria-label="Versions" className="overflow-x-auto">
        <table className="table-plain">
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col" className="num">
                Rows
              </th>
              <th scope="col" className="num">
                Runs
              </th>
              <th scope="col">Came as</th>
              <th scope="col">Splits</th>
              <th scope="col">Digest</th>
              <th scope="col">Stored</th>
            </tr>
          </thead>
          <tbody>
            {dataset.versions.map((one) => (
              <tr key={one.id} data-version={one.version}>
                <th scope="row" className="text-text!">
                  {one.version === dataset.version ? (
                    <span className="whitespace-nowrap">{one.version} · shown</span>
                  ) : (
                    <Link
                      className="link"
                      prefetch={false}
                      href={`/datasets/${encodeURIComponent(one.name)}?version=${one.version}&tab=lineage`}
                    >
                      {one.version}
                    </Link>
                  )}
                </th>
                <td className="num">{formatCount(one.rowCount)}</td>
                <td className="num">{formatCount(one.runs.totalCount)}</td>
                <td className="whitespace-nowrap">
                  {one.source ? `${one.source.format}, ${formatBytes(one.source.bytes)}` : 'rows inline'}
                </td>
                <td className="whitespace-nowrap">
                  {one.splitting ? `drawn, seed ${one.splitting.seed}` : 'as the rows say'}
                </td>
                <td>
                  <Digest value={one.digest} name={`digest of version ${one.version}`} />
                </td>
                <td>
                  <Ago instant={one.createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** Where the versions of a dataset went: the runs that used them, and the models that came of those. */
export function LineageTab({ dataset }: { dataset: DatasetDetail }) {
  const reference = `${dataset.name}@${dataset.version}`;
  const { runs, total, loading, error, reload } = useDatasetRuns(dataset.name, dataset.version, PAGE);
  const all = `/runs?q=${encodeURIComponent(`dataset = ${JSON.stringify(reference)}`)}`;
  return (
    <>
      <Versions dataset={dataset} />
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : loading ? (
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines label="Loading the runs" />
        </div>
      ) : total === 0 ? (
        <EmptyState title={`No run has used ${reference} yet`}>
          <p>
            A definition names it as <code>{JSON.stringify(reference)}</code>; the run then keeps the digest
            of these very rows.
          </p>
        </EmptyState>
      ) : (
        <Card
          title={`Runs that used ${reference}`}
          note={runs.length < total ? `${formatCount(runs.length)} of ${formatCount(total)}` : undefined}
          actions={
            <Link className="link text-table" prefetch={false} href={all}>
              All among the runs
            </Link>
          }
          flush
        >
          <div tabIndex={0} role="region" aria-label="Runs" className="overflow-x-auto">
            <table className="table-plain">
              <thead>
                <tr>
                  <th scope="col">Run</th>
                  <th scope="col">State</th>
                  <th scope="col">Freeze</th>
                  <th scope="col">Experiment</th>
                  <th scope="col">Model</th>
                  <th scope="col">Launched</th>
                </tr>
              </thead>
              <tbody>
                {runs.map((run) => (
                  <tr key={run.id} data-run={run.id}>
                    <th scope="row" className="min-w-40 break-words whitespace-normal!">
                      <Link className="link" prefetch={false} href={`/runs/${run.id}`}>
                        {run.name}
                      </Link>
                    </th>
                    <td>
                      <RunStateBadge state={run.state} />
                    </td>
                    <td>{run.freeze.label}</td>
                    <td className="break-words">{run.experiment?.name ?? '—'}</td>
                    <td>
                      {run.registrations.length === 0
                        ? '—'
                        : run.registrations.map(({ reference: model }) => (
                            <Link
                              key={model}
                              className="link mr-2"
                              prefetch={false}
                              href={`/models/${encodeURIComponent(model.split('@')[0] ?? model)}`}
                            >
                              {model}
                            </Link>
                          ))}
                    </td>
                    <td>
                      <Ago instant={run.createdAt} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Card>
      )}
    </>
  );
}
