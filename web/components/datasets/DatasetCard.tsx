import { TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { Ago, Digest } from '@/components/ui/Values';
import type { DatasetCardData } from '@/lib/api/use-datasets';
import { formatCount, plural } from '@/lib/format';
import { LabelBalance } from './LabelBalance';

const MOST_TASKS = 3;

/** A dataset in its newest version: rows, splits, balance of the labels, and what to beware of. */
export function DatasetCard({ dataset }: { dataset: DatasetCardData }) {
  const { name, version, splits, repetition, tasks } = dataset;
  const parts = [
    ['train', splits.train],
    ['validation', splits.validation],
    ['test', splits.test],
  ] as const;
  return (
    <li
      data-dataset={name}
      className="flex min-w-0 flex-col gap-3 rounded-lg border border-line bg-surface p-4"
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <h2 className="min-w-0 text-heading font-semibold break-words">
          <Link href={`/datasets/${encodeURIComponent(name)}`} prefetch={false} className="hover:underline">
            {name}
          </Link>
          <span className="ml-1.5 text-table font-normal text-muted">version {version}</span>
        </h2>
        <span className="text-table text-muted">
          {plural(dataset.rowCount, 'row')} · <Ago instant={dataset.createdAt} />
        </span>
      </div>
      <p className="flex flex-wrap gap-x-3 text-table text-muted">
        {parts
          .filter(([, count]) => count > 0)
          .map(([split, count]) => (
            <span key={split}>
              {split} <span className="font-medium text-text">{formatCount(count)}</span>
            </span>
          ))}
        <span>
          used by <span className="font-medium text-text">{plural(dataset.runs.totalCount, 'run')}</span>
        </span>
      </p>
      {tasks.slice(0, MOST_TASKS).map((task) => (
        <div key={task.name} className="min-w-0">
          <h3 className="mb-1 text-table font-medium break-words">{task.name}</h3>
          <LabelBalance task={task} />
        </div>
      ))}
      {tasks.length > MOST_TASKS && (
        <p className="text-table text-muted">and {plural(tasks.length - MOST_TASKS, 'more task')}</p>
      )}
      {repetition.leakedRows > 0 && (
        <p className="flex items-start gap-1.5 text-table text-warn">
          <TriangleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {plural(repetition.leakedRows, 'row')} of validation and test{' '}
          {repetition.leakedRows === 1 ? 'is' : 'are'} trained on as well
        </p>
      )}
      <p className="mt-auto text-table text-muted">
        Digest <Digest value={dataset.digest} name={`digest of ${name}`} />
      </p>
    </li>
  );
}
