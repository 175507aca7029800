import { createColumnHelper, type SortingFn } from '@tanstack/react-table';
import Link from 'next/link';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { Ago } from '@/components/ui/Values';
import type { RunRow } from '@/lib/api/use-runs';
import { isRunning } from '@/lib/api/use-run';
import { formatNumber, formatPercent, formatSeconds } from '@/lib/format';
import { accuracyMetric, lastValue, lossMetric, phaseLabel, taskNames } from '@/lib/metrics';
import { regimeOf, regimes } from '@/lib/regime';
import { RunProgress } from './RunProgress';
import { RunStateBadge } from './RunStateBadge';
import { RunSwatch } from './RunSwatch';

declare module '@tanstack/react-table' {
  // The library's own generics; only the shape of `meta` is added.
  interface ColumnMeta<TData, TValue> {
    numeric?: boolean;
    /** Second line of the heading: what the numbers were measured on. */
    note?: string;
    plain?: string;
    _data?: TData;
    _value?: TValue;
  }
}

/** Numbers in order, with what is missing or not a number at the end whichever way. */
const byNumber: SortingFn<RunRow> = (a, b, column) => {
  const left = a.getValue<number | null>(column);
  const right = b.getValue<number | null>(column);
  const leftMissing = left === null || Number.isNaN(left);
  const rightMissing = right === null || Number.isNaN(right);
  if (leftMissing || rightMissing) return Number(leftMissing) - Number(rightMissing);
  return left - right;
};

const column = createColumnHelper<RunRow>();

function taskColumns(runs: readonly RunRow[]) {
  const tasks = taskNames(runs.flatMap((run) => run.metrics));
  return tasks.map((task) => {
    const metric = accuracyMetric(runs, task);
    return column.accessor((run) => lastValue(run.metrics, metric), {
      id: `accuracy:${task}`,
      header: task,
      cell: (cell) => formatPercent(cell.getValue()),
      sortingFn: byNumber,
      sortDescFirst: true,
      meta: { numeric: true, note: `accuracy, ${phaseLabel(metric)}` },
    });
  });
}

/** Columns of the runs table; the tasks' come from what the runs have logged. */
export function runColumns(runs: readonly RunRow[], slotOf: (id: string) => number) {
  const loss = lossMetric(runs);
  return [
    column.accessor('name', {
      header: 'Name',
      cell: ({ row: { original: run } }) => (
        <span className="flex items-center gap-2">
          <RunSwatch slot={slotOf(run.id)} />
          <Link href={`/runs/${run.id}`} title={run.name} className="truncate font-medium hover:underline">
            {run.name}
          </Link>
        </span>
      ),
    }),
    column.accessor('state', {
      header: 'State',
      cell: ({ row: { original: run } }) => (
        <span className="flex items-center gap-2">
          <RunStateBadge state={run.state} />
          {isRunning(run.state) && <RunProgress fraction={run.progress.fraction} className="w-16" />}
        </span>
      ),
    }),
    column.accessor((run) => regimes.indexOf(regimeOf(run.freeze)), {
      id: 'regime',
      header: 'Freeze',
      cell: ({ row: { original: run } }) => (
        <span className="flex items-center gap-2">
          <RegimeGlyph regime={regimeOf(run.freeze)} />
          <span className="max-w-44 truncate" title={run.freeze.label}>
            {run.freeze.label}
          </span>
        </span>
      ),
    }),
    column.accessor((run) => run.freeze.trainableShare, {
      id: 'trainable',
      header: 'Trainable',
      cell: (cell) => formatPercent(cell.getValue()),
      sortingFn: byNumber,
      meta: { numeric: true, note: 'parameters' },
    }),
    column.accessor((run) => lastValue(run.metrics, loss), {
      id: 'loss',
      header: 'Loss',
      cell: (cell) => formatNumber(cell.getValue()),
      sortingFn: byNumber,
      sortDescFirst: false,
      meta: { numeric: true, note: phaseLabel(loss) },
    }),
    ...taskColumns(runs),
    column.accessor((run) => run.cost.computeSeconds, {
      id: 'seconds',
      header: 'Time',
      cell: (cell) => formatSeconds(cell.getValue()),
      sortingFn: byNumber,
      sortDescFirst: false,
      meta: { numeric: true, note: 'compute' },
    }),
    column.accessor('seed', {
      header: 'Seed',
      cell: (cell) => cell.getValue(),
      sortDescFirst: false,
      meta: { numeric: true },
    }),
    column.accessor((run) => Date.parse(run.createdAt), {
      id: 'created',
      header: 'Created',
      cell: ({ row: { original: run } }) => <Ago instant={run.createdAt} />,
      sortingFn: byNumber,
      meta: { numeric: true },
    }),
  ];
}
