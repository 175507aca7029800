'use client';

import Link from 'next/link';
import { Page } from '@/components/ui/Page';
import { Snippet } from '@/components/ui/Snippet';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { Ago, Digest } from '@/components/ui/Values';
import { useDatasets } from '@/lib/api/use-library';
import { plural } from '@/lib/format';
import { LabelBalance } from './LabelBalance';

const create = `mutation {
  createDataset(input: {
    name: "sample"
    rows: [
      { sentence: "AI is transforming industries.", labels: [{ task: "topic", label: "Technology" }] }
      { sentence: "The universe is expanding rapidly.", labels: [{ task: "topic", label: "Science" }] }
    ]
  }) { dataset { name version rowCount } created }
}`;

/** Every dataset in its newest version, with the balance of its labels. */
export function DatasetsPage() {
  const { datasets, loading, error, reload } = useDatasets();
  return (
    <Page
      title="Datasets"
      lead="Versioned by content: the same rows give the same version, and a run keeps the digest of the rows it saw."
    >
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : loading ? (
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines label="Loading datasets" />
        </div>
      ) : datasets.length === 0 ? (
        <EmptyState title="No datasets yet">
          <p>
            A row is a sentence with a label for each task; a task without a label in a row is not trained on
            that row. Bring a CSV or JSONL file, or send rows inline.
          </p>
          <Snippet label="Import a file" code="npx frostline import data.csv" />
          <Snippet label="Or by GraphQL" code={create} />
        </EmptyState>
      ) : (
        <ul className="grid gap-4 lg:grid-cols-2">
          {datasets.map((dataset) => (
            <li
              key={dataset.id}
              data-dataset={dataset.name}
              className="flex min-w-0 flex-col gap-3 rounded-lg border border-line bg-surface p-4"
            >
              <div className="flex flex-wrap items-baseline justify-between gap-x-3">
                <h2 className="min-w-0 text-heading font-semibold break-words">
                  <Link href={`/datasets/${encodeURIComponent(dataset.name)}`} className="hover:underline">
                    {dataset.name}
                  </Link>
                  <span className="ml-1.5 text-table font-normal text-muted">version {dataset.version}</span>
                </h2>
                <span className="text-table text-muted">
                  {plural(dataset.rowCount, 'row')} · <Ago instant={dataset.createdAt} />
                </span>
              </div>
              {dataset.tasks.map((task) => (
                <div key={task.name}>
                  <h3 className="mb-1 text-table font-medium">{task.name}</h3>
                  <LabelBalance task={task} />
                </div>
              ))}
              <p className="mt-auto text-table text-muted">
                Digest <Digest value={dataset.digest} name="dataset digest" />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
