'use client';

import type { KeyboardEvent } from 'react';
import { LEAST_WIDTH, MOST_WIDTH } from '@/lib/runs/column-widths';
import type { RunsGridHeader, RunsGridTable } from './use-runs-grid';

const STEP = 10;
const LARGE_STEP = 50;

/** The edge of a heading, by which its column is made wider and narrower: dragged, or by the arrows. A double click or Enter undoes that. */
export function ColumnEdge({ table, header }: { table: RunsGridTable; header: RunsGridHeader }) {
  const { column } = header;
  const width = table.widthOf(header);
  const resize = header.getResizeHandler();
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? LARGE_STEP : STEP;
    const widenBy = (by: number) =>
      table.setColumnSizing((widths) => ({ ...widths, [column.id]: width + by }));
    if (event.key === 'Enter') column.resetSize();
    else if (event.key === 'ArrowLeft') widenBy(-step);
    else if (event.key === 'ArrowRight') widenBy(step);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${column.columnDef.header as string}`}
      aria-valuenow={width}
      aria-valuemin={LEAST_WIDTH}
      aria-valuemax={column.columnDef.maxSize ?? MOST_WIDTH}
      aria-valuetext={`${width} pixels`}
      title="Drag or use the arrow keys to change the width; double click or Enter to reset it"
      tabIndex={-1}
      onMouseDown={resize}
      onTouchStart={resize}
      onDoubleClick={() => column.resetSize()}
      onKeyDown={onKeyDown}
      className={`absolute inset-y-0 right-0 w-2 cursor-col-resize touch-none border-r-2 hover:border-accent focus-visible:border-accent ${column.getIsResizing() ? 'border-accent' : 'border-transparent'}`}
    />
  );
}
