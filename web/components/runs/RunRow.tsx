'use client';

import Link from 'next/link';
import { memo, type CSSProperties } from 'react';
import { highlightRun } from '@/lib/highlight';
import { nameWithin } from '@/lib/run-names';
import type { CurveStore } from '@/lib/runs/curve-store';
import type { RunListItem } from '@/lib/runs/run-pager';
import { RunCell } from './cells';
import type { RunColumn } from './run-columns';
import { RunSwatch } from './RunSwatch';
import { Sparkline } from './Sparkline';

/** Where a row stands. */
export interface RowPosition {
  /** aria-rowindex: counts from 1, the heading included. */
  rowIndex: number;
  top: number;
  height: number;
}

/** The tracks that all rows have: the grid says how wide its columns are. */
export const rowTracks = 'grid grid-cols-(--columns)';
export const stickyBox = 'sticky left-0 z-[1] flex items-center pl-3';
export const stickyName = 'sticky left-(--name-start) z-[1] flex min-w-0 items-center px-2';

export function rowStyle({ top, height }: RowPosition): CSSProperties {
  return { height, transform: `translateY(${top}px)` };
}

/** Below this height a row has one line. */
const COMPACT = 30;

export const rowClass = `group absolute inset-x-0 top-0 border-b border-line ${rowTracks}`;

function cellClass({ numeric }: RunColumn, tone: string): string {
  return `flex min-w-0 flex-col justify-center px-2 whitespace-nowrap ${tone} ${numeric ? 'items-end text-right' : 'items-start'}`;
}

/** A run in the grid; null while it is on its way, in the same cells, so that the focus stays when it comes. */
export const RunRow = memo(function RunRow({
  run,
  columns,
  slot,
  selected,
  curves,
  onToggle,
  ...position
}: RowPosition & {
  run: RunListItem | null;
  columns: readonly RunColumn[];
  slot: number;
  selected: boolean;
  curves: ReadonlyMap<string, CurveStore>;
  onToggle(id: string, event: unknown): void;
}) {
  const tone = selected ? 'bg-accent-soft' : 'bg-surface group-hover:bg-sunken';
  return (
    <div
      role="row"
      aria-rowindex={position.rowIndex}
      aria-selected={selected}
      aria-busy={run === null || undefined}
      data-run={run?.id}
      data-compact={position.height < COMPACT || undefined}
      className={rowClass}
      style={rowStyle(position)}
      onPointerEnter={() => highlightRun(run?.id ?? null)}
      onPointerLeave={() => highlightRun(null)}
    >
      <div role="gridcell" className={`${stickyBox} ${tone}`}>
        {run && (
          <input
            type="checkbox"
            aria-label={`Select ${run.name}`}
            className="block size-4 accent-accent"
            checked={selected}
            onChange={(event) => onToggle(run.id, event)}
          />
        )}
      </div>
      <div role="rowheader" data-column="name" className={`${stickyName} gap-2 ${tone}`}>
        {run ? <RunName run={run} slot={slot} compact={position.height < COMPACT} /> : <Waiting />}
      </div>
      {columns.map((column) => (
        <div key={column.id} role="gridcell" data-column={column.id} className={cellClass(column, tone)}>
          {run === null ? (
            <span aria-hidden className="skeleton h-3 w-3/4" />
          ) : (
            <RunCell
              column={column.key}
              run={run}
              context={{
                metrics: column.metrics,
                setting: column.setting,
                sparkline: (of) => {
                  const store = curves.get(column.title);
                  const stamp = of.finishedAt ?? String(of.progress.step);
                  return (
                    store && (
                      <Sparkline store={store} id={of.id} stamp={stamp} slot={slot} name={column.title} />
                    )
                  );
                },
              }}
            />
          )}
        </div>
      ))}
    </div>
  );
});

function RunName({ run, slot, compact }: { run: RunListItem; slot: number; compact: boolean }) {
  return (
    <>
      <RunSwatch slot={slot} />
      <span className="min-w-0">
        <Link
          href={`/runs/${run.id}`}
          prefetch={false}
          title={run.name}
          className="block truncate font-medium hover:underline"
        >
          {compact ? run.name : nameWithin(run.name, run.experiment?.name)}
        </Link>
        {run.experiment && !compact && (
          <span title={run.experiment.name} className="block truncate text-axis leading-3 text-muted">
            {run.experiment.name}
          </span>
        )}
      </span>
    </>
  );
}

function Waiting() {
  return (
    <>
      <span className="sr-only">Loading</span>
      <span aria-hidden className="skeleton h-3 w-3/4" />
    </>
  );
}
