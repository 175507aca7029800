'use client';

import {
  flexRender,
  getCoreRowModel,
  getSortedRowModel,
  useReactTable,
  type SortingState,
} from '@tanstack/react-table';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMemo, useRef, useState } from 'react';
import { useGridNavigation } from '@/components/ui/use-grid-navigation';
import type { RunRow } from '@/lib/api/use-runs';
import { highlightRun } from '@/lib/highlight';
import { useRunSlots } from '@/lib/run-colors';
import { runColumns } from './run-columns';

const stickyBox = 'sticky left-0 z-[1] w-9 min-w-9 pl-3 pr-1';
const stickyName = 'sticky left-9 z-[1] w-40 max-w-40 min-w-40 sm:w-52 sm:max-w-52 sm:min-w-52';

/** Runs in a grid: sorted by any column, selected by box or Space, opened by Enter. */
export function RunsTable({
  runs,
  total,
  selected,
  onSelect,
}: {
  runs: RunRow[];
  total: number;
  selected: ReadonlySet<string>;
  onSelect: (selected: Set<string>) => void;
}) {
  const slotOf = useRunSlots(useMemo(() => runs.map((run) => run.id), [runs]));
  const columns = useMemo(() => runColumns(runs, slotOf), [runs, slotOf]);
  const [sorting, setSorting] = useState<SortingState>([]);
  const table = useReactTable({
    data: runs,
    columns,
    state: { sorting },
    onSortingChange: setSorting,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
    getRowId: (run) => run.id,
  });
  const rows = table.getRowModel().rows;
  const router = useRouter();
  const grid = useRef<HTMLTableElement>(null);
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const navigation = useGridNavigation(grid, {
    onToggle: (row) => rows[row - 1] && toggle(rows[row - 1]!.id),
    onOpen: (row) => rows[row - 1] && router.push(`/runs/${rows[row - 1]!.id}`),
  });
  const all = runs.length > 0 && runs.every((run) => selected.has(run.id));
  const some = runs.some((run) => selected.has(run.id));

  return (
    <div className="relative overflow-x-auto rounded-lg border border-line bg-surface">
      <table
        ref={grid}
        role="grid"
        aria-label="Runs"
        aria-rowcount={total + 1}
        aria-multiselectable
        onKeyDown={navigation.onKeyDown}
        onFocus={navigation.onFocus}
        className="w-full border-separate border-spacing-0 text-table"
      >
        <thead>
          <tr role="row" aria-rowindex={1}>
            <th role="columnheader" className={`${stickyBox} border-b border-line bg-surface`}>
              <input
                type="checkbox"
                aria-label="Select all runs shown"
                className="block accent-accent"
                checked={all}
                ref={(box) => {
                  if (box) box.indeterminate = some && !all;
                }}
                onChange={() => onSelect(all ? new Set() : new Set(runs.map((run) => run.id)))}
              />
            </th>
            {table.getFlatHeaders().map((header, index) => {
              const { numeric, note } = header.column.columnDef.meta ?? {};
              const sorted = header.column.getIsSorted();
              const Arrow = sorted === 'asc' ? ArrowUp : ArrowDown;
              return (
                <th
                  key={header.id}
                  role="columnheader"
                  aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'}
                  className={`border-b border-line bg-surface px-2 py-1.5 align-bottom font-medium text-muted ${index === 0 ? stickyName : ''}`}
                >
                  <button
                    type="button"
                    onClick={header.column.getToggleSortingHandler()}
                    className={`group flex w-full flex-col whitespace-nowrap hover:text-text ${numeric ? 'items-end' : 'items-start'}`}
                  >
                    <span className="flex items-center gap-1">
                      {numeric && <Arrow aria-hidden className={`size-3 ${sorted ? '' : 'opacity-0'}`} />}
                      {flexRender(header.column.columnDef.header, header.getContext())}
                      {!numeric && <Arrow aria-hidden className={`size-3 ${sorted ? '' : 'opacity-0'}`} />}
                    </span>
                    {note && <span className="text-axis font-normal">{note}</span>}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, rowIndex) => {
            const isSelected = selected.has(row.id);
            const tone = isSelected ? 'bg-accent-soft' : 'bg-surface group-hover:bg-sunken';
            return (
              <tr
                key={row.id}
                role="row"
                aria-rowindex={rowIndex + 2}
                aria-selected={isSelected}
                data-run={row.id}
                className="group"
                onPointerEnter={() => highlightRun(row.id)}
                onPointerLeave={() => highlightRun(null)}
              >
                <td role="gridcell" className={`h-10 border-b border-line ${stickyBox} ${tone}`}>
                  <input
                    type="checkbox"
                    aria-label={`Select ${row.original.name}`}
                    className="block accent-accent"
                    checked={isSelected}
                    onChange={() => toggle(row.id)}
                  />
                </td>
                {row.getVisibleCells().map((cell, index) => (
                  <td
                    key={cell.id}
                    role={index === 0 ? 'rowheader' : 'gridcell'}
                    data-column={cell.column.id}
                    className={`h-10 border-b border-line px-2 whitespace-nowrap ${tone} ${index === 0 ? stickyName : ''} ${cell.column.columnDef.meta?.numeric ? 'text-right' : ''}`}
                  >
                    {flexRender(cell.column.columnDef.cell, cell.getContext())}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
