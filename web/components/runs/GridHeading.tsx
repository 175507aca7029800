'use client';

import { ArrowDown, ArrowUp } from 'lucide-react';
import { memo } from 'react';
import { moveColumn } from '@/lib/runs/column-keys';
import { NAME_COLUMN } from '@/lib/runs/column-widths';
import { ColumnEdge } from './ColumnEdge';
import { rowTracks, stickyBox, stickyName } from './RunRow';
import { useColumnDrag } from './use-column-drag';
import { SELECT_COLUMN, type RunsGridHeader, type RunsGridTable } from './use-runs-grid';

const cell = 'border-b border-line bg-surface';
const sortNames = { asc: 'ascending', desc: 'descending' } as const;

/** The heading of the grid: selects what is loaded, sorts by a column, makes columns wider and narrower and moves them. */
export const GridHeading = memo(function GridHeading({
  table,
  height,
}: {
  table: RunsGridTable;
  height: number;
}) {
  const order = table.state.columnOrder;
  const { drag, handlers } = useColumnDrag((id, gap) => table.setColumnOrder(moveColumn(order, id, gap)));
  return (
    <div role="rowgroup" className="sticky top-0 z-10">
      <div
        role="row"
        aria-rowindex={1}
        className={`select-none ${rowTracks} ${drag ? 'cursor-grabbing' : ''}`}
        style={{ height }}
        {...handlers}
      >
        {table.getLeafHeaders().map((header) =>
          header.column.id === SELECT_COLUMN ? (
            <div key={header.id} role="columnheader" className={`${stickyBox} z-[2] ${cell}`}>
              <SelectAll table={table} />
            </div>
          ) : (
            <Heading
              key={header.id}
              table={table}
              header={header}
              moving={drag?.id === header.column.id}
              drop={
                drag === null || header.column.id === NAME_COLUMN
                  ? null
                  : drag.gap === order.indexOf(header.column.id)
                    ? 'before'
                    : drag.gap === order.length && order.at(-1) === header.column.id
                      ? 'after'
                      : null
              }
            />
          ),
        )}
      </div>
    </div>
  );
});

function SelectAll({ table }: { table: RunsGridTable }) {
  const all = table.getIsAllPageRowsSelected();
  const some = table.getIsSomePageRowsSelected();
  return (
    <input
      type="checkbox"
      aria-label="Select all runs that are loaded"
      className="block size-4 accent-accent"
      checked={all}
      ref={(box) => {
        if (box) box.indeterminate = some && !all;
      }}
      onChange={() => table.toggleAllPageRowsSelected(!all, { deselectAll: true })}
    />
  );
}

function Heading({
  table,
  header,
  moving,
  drop,
}: {
  table: RunsGridTable;
  header: RunsGridHeader;
  /** Whether the column is being moved. */
  moving: boolean;
  /** On which side of this one a column that is being moved would come to stand. */
  drop: 'before' | 'after' | null;
}) {
  const { column } = header;
  const { numeric = false, note = '' } = column.columnDef.meta ?? {};
  const title = column.columnDef.header as string;
  const sortable = column.getCanSort();
  const sorted = column.getIsSorted();
  const Arrow = sorted === 'asc' ? ArrowUp : ArrowDown;
  const arrow = sortable && <Arrow aria-hidden className={`size-3 shrink-0 ${sorted ? '' : 'opacity-0'}`} />;
  const pinned = column.getIsPinned() !== false;
  const name = `${title}${note ? `, ${note}` : ''}`;
  const words = (
    <>
      <span className="flex max-w-full items-center gap-1">
        {numeric && arrow}
        <span className="truncate">{title}</span>
        {!numeric && arrow}
      </span>
      {note && <span className="max-w-full truncate text-axis leading-3 font-normal">{note}</span>}
    </>
  );
  const look = `flex w-full min-w-0 flex-col font-medium whitespace-nowrap ${numeric ? 'items-end' : 'items-start'}`;
  return (
    <div
      role="columnheader"
      data-heading={pinned ? undefined : column.id}
      aria-sort={sortable ? (sorted ? sortNames[sorted] : 'none') : undefined}
      aria-label={name}
      title={name}
      className={`${pinned ? `${stickyName} z-[2]` : 'relative flex min-w-0 items-center px-2'} ${cell} text-muted ${moving ? 'opacity-60' : ''}`}
    >
      {sortable ? (
        <button
          type="button"
          onClick={column.getToggleSortingHandler()}
          className={`${look} hover:text-text ${moving ? 'cursor-grabbing' : ''}`}
        >
          {words}
        </button>
      ) : (
        <span className={look}>{words}</span>
      )}
      <ColumnEdge table={table} header={header} />
      {drop && (
        <span
          aria-hidden
          className={`absolute inset-y-0 w-0.5 bg-accent ${drop === 'before' ? '-left-px' : 'right-0'}`}
        />
      )}
    </div>
  );
}
