'use client';

import { ArrowDown, ArrowUp } from 'lucide-react';
import type { RunColumn } from './run-columns';
import { stickyBox, stickyName } from './RunRow';

const cell = 'border-b border-line bg-surface';
const nameColumn = { id: 'name', title: 'Name', note: '', numeric: false, sortable: true };

/** The heading of the grid: selects what is loaded, and sorts by a column. */
export function GridHeading({
  columns,
  template,
  height,
  sort,
  onSort,
  checked,
  onCheck,
}: {
  columns: readonly RunColumn[];
  template: string;
  height: number;
  sort: { column: string; descending: boolean } | null;
  onSort(column: Pick<RunColumn, 'id'>): void;
  checked: boolean | 'mixed';
  onCheck(): void;
}) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10">
      <div role="row" aria-rowindex={1} className="grid" style={{ height, gridTemplateColumns: template }}>
        <div role="columnheader" className={`${stickyBox} z-[2] ${cell}`}>
          <input
            type="checkbox"
            aria-label="Select all runs that are loaded"
            className="block size-4 accent-accent"
            checked={checked === true}
            ref={(box) => {
              if (box) box.indeterminate = checked === 'mixed';
            }}
            onChange={onCheck}
          />
        </div>
        {[nameColumn, ...columns].map((column, index) => {
          const sorted = sort?.column === column.id;
          const Arrow = sorted && !sort.descending ? ArrowUp : ArrowDown;
          const arrow = <Arrow aria-hidden className={`size-3 shrink-0 ${sorted ? '' : 'opacity-0'}`} />;
          const place = index === 0 ? `${stickyName} z-[2]` : 'flex min-w-0 items-center px-2';
          const words = (
            <>
              <span className="flex max-w-full items-center gap-1">
                {column.numeric && column.sortable && arrow}
                <span className="truncate">{column.title}</span>
                {!column.numeric && column.sortable && arrow}
              </span>
              {column.note && (
                <span className="max-w-full truncate text-axis leading-3 font-normal">{column.note}</span>
              )}
            </>
          );
          const look = `flex w-full min-w-0 flex-col font-medium whitespace-nowrap ${column.numeric ? 'items-end' : 'items-start'}`;
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-sort={
                !column.sortable
                  ? undefined
                  : sorted
                    ? sort.descending
                      ? 'descending'
                      : 'ascending'
                    : 'none'
              }
              title={`${column.title}${column.note ? `, ${column.note}` : ''}`}
              className={`${place} ${cell} text-muted`}
            >
              {column.sortable ? (
                <button type="button" onClick={() => onSort(column)} className={`${look} hover:text-text`}>
                  {words}
                </button>
              ) : (
                <span className={look}>{words}</span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
