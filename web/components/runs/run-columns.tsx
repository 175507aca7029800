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
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- the library's own generics; only the shape of `meta` is added
  interface ColumnMeta<TData, TValue> {
    numeric?: boolean;
    /** Second line of the heading: what the numbers are of. */
    note?: string;
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

/** A measured value, and on which rows where the runs of the table differ in that. */
function Measured({ text, metric, mixed }: { text: string; metric: string; mixed: boolean }) {
  return (
    <>
      {text}
      {mixed && <span className="block text-axis leading-3 text-muted">{phaseLabel(metric)}</span>}
    </>
  );
}

/** Whether some of the runs were measured on validation rows and others were not. */
function isMixed(runs: readonly RunRow[], metricOf: (run: RunRow) => string): boolean {
  const measured = runs.filter((run) => lastValue(run.metrics, metricOf(run)) !== null);
  return new Set(measured.map((run) => phaseLabel(metricOf(run)))).size > 1;
}

function measuredColumn(
  runs: readonly RunRow[],
  id: string,
  header: string,
  note: string,
  metricOf: (run: RunRow) => string,
  format: (value: number | null) => string,
) {
  const mixed = isMixed(runs, metricOf);
  const first = runs.find((run) => lastValue(run.metrics, metricOf(run)) !== null);
  const phase = first ? phaseLabel(metricOf(first)) : '';
  return column.accessor((run) => lastValue(run.metrics, metricOf(run)), {
    id,
    header,
    cell: (cell) => (
      <Measured
        text={format(cell.getValue())}
        metric={metricOf(cell.row.original)}
        mixed={mixed && cell.getValue() !== null}
      />
    ),
    sortingFn: byNumber,
    sortDescFirst: id !== 'loss',
    meta: { numeric: true, note: mixed ? note : [note, phase].filter(Boolean).join(' ') },
  });
}

/** Columns of the runs table; the tasks' come from what the runs have logged. */
export function runColumns(runs: readonly RunRow[], slotOf: (id: string) => number) {
  const tasks = taskNames(runs.flatMap((run) => run.metrics));
  return [
    column.accessor('name', {
      header: 'Name',
      cell: ({ row: { original: run } }) => (
        <span className="flex items-center gap-2">
          <RunSwatch slot={slotOf(run.id)} />
          <span className="min-w-0">
            <Link
              href={`/runs/${run.id}`}
              title={run.name}
              className="block truncate font-medium hover:underline"
            >
              {run.name}
            </Link>
            {run.experiment && (
              <span title={run.experiment.name} className="block truncate text-axis leading-3 text-muted">
                {run.experiment.name}
              </span>
            )}
          </span>
        </span>
      ),
    }),
    column.accessor('state', {
      header: 'State',
      cell: ({ row: { original: run } }) => (
        <span className="flex flex-col gap-1">
          <RunStateBadge state={run.state} />
          {isRunning(run.state) && <RunProgress fraction={run.progress.fraction} className="w-20" />}
        </span>
      ),
    }),
    column.accessor((run) => regimes.indexOf(regimeOf(run.freeze)), {
      id: 'regime',
      header: 'Freeze',
      cell: ({ row: { original: run } }) => (
        <span className="flex items-center gap-2">
          <RegimeGlyph regime={regimeOf(run.freeze)} />
          <span className="max-w-32 truncate" title={run.freeze.label}>
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
    measuredColumn(runs, 'loss', 'Loss', '', (run) => lossMetric([run]), formatNumber),
    ...tasks.map((task) =>
      measuredColumn(
        runs,
        `accuracy:${task}`,
        task,
        'acc.',
        (run) => accuracyMetric([run], task),
        formatPercent,
      ),
    ),
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
