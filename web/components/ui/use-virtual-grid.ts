'use client';

import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';

interface VirtualGrid {
  /** Rows in all, the heading (row 0) counted. */
  rowCount: number;
  /** Rows that a page key moves by. */
  pageRows: number;
  /** Brings a row into view; it need not be drawn at once. */
  scrollToRow(row: number): void;
  /** Space on a row. */
  onToggle?(row: number): void;
  /** Enter on a row, where the cell has no control of its own. */
  onOpen?(row: number): void;
}

const CONTROLS = 'a, button, input, select';

function targetOf(cell: HTMLElement): HTMLElement {
  return cell.querySelector<HTMLElement>(CONTROLS) ?? cell;
}

const cells = (row: Element): HTMLElement[] => [
  ...row.querySelectorAll<HTMLElement>('[role="gridcell"], [role="columnheader"], [role="rowheader"]'),
];

/**
 * The WAI-ARIA grid pattern over rows of which only those in view are drawn: one tab stop for the whole grid, arrows between
 * cells, Home and End within a row, with Ctrl to the first and last row, PageUp and PageDown. A cell with a control gives the
 * focus to it. Rows are told apart by `aria-rowindex`.
 */
export function useVirtualGrid(grid: RefObject<HTMLElement | null>, options: VirtualGrid) {
  const latest = useRef(options);
  const active = useRef({ row: 1, column: 0 });
  const pending = useRef(false);
  // The row that has the focus stays drawn when it leaves the view, or the focus would be lost.
  const [heldRow, setHeldRow] = useState<number | null>(null);

  const rowOf = useCallback(
    (row: number): HTMLElement | null =>
      grid.current?.querySelector<HTMLElement>(`[role="row"][aria-rowindex="${row + 1}"]`) ?? null,
    [grid],
  );

  const applyTabStops = useCallback(() => {
    if (!grid.current) return;
    const { rowCount } = latest.current;
    if (active.current.row >= rowCount) active.current.row = Math.max(0, rowCount - 1);
    let { row } = active.current;
    // When the row is not drawn, the grid is entered at the first one that is.
    if (rowOf(row) === null) {
      const first = grid.current.querySelector('[role="row"][aria-rowindex]:not([aria-rowindex="1"])');
      row = Number(first?.getAttribute('aria-rowindex') ?? 1) - 1;
    }
    for (const drawn of grid.current.querySelectorAll('[role="row"]')) {
      const isActive = Number(drawn.getAttribute('aria-rowindex')) - 1 === row;
      const own = cells(drawn);
      const column = Math.min(active.current.column, own.length - 1);
      own.forEach((cell, index) => {
        const stop = isActive && index === column ? 0 : -1;
        targetOf(cell).tabIndex = stop;
        // A cell that was the target itself while its row was on its way is none any longer.
        if (targetOf(cell) !== cell) cell.removeAttribute('tabindex');
        // Further controls of a cell are reached from within it, not by Tab through the whole grid.
        for (const other of [...cell.querySelectorAll<HTMLElement>(CONTROLS)].slice(1)) other.tabIndex = -1;
        // But for the edge of a heading, which takes the arrows itself: it comes after its heading.
        for (const edge of cell.querySelectorAll<HTMLElement>('[role="separator"]')) edge.tabIndex = stop;
      });
    }
    if (!pending.current) return;
    const drawn = rowOf(active.current.row);
    if (drawn === null) return;
    const own = cells(drawn);
    pending.current = false;
    const cell = own[Math.min(active.current.column, own.length - 1)];
    if (cell) targetOf(cell).focus();
  }, [grid, rowOf]);

  useEffect(() => {
    latest.current = options;
    applyTabStops();
  });

  const onFocus = useCallback(
    (event: { target: EventTarget }) => {
      const row = (event.target as HTMLElement).closest('[role="row"]');
      if (row === null || !grid.current?.contains(row)) return;
      const column = cells(row).findIndex((cell) => cell.contains(event.target as Node));
      if (column < 0) return;
      active.current = { row: Number(row.getAttribute('aria-rowindex')) - 1, column };
      setHeldRow(active.current.row);
      applyTabStops();
    },
    [grid, applyTabStops],
  );

  const onBlur = useCallback(
    (event: { relatedTarget: EventTarget | null }) => {
      if (!pending.current && !grid.current?.contains(event.relatedTarget as Node | null)) setHeldRow(null);
    },
    [grid],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    if (!grid.current || event.altKey) return;
    const { rowCount, pageRows, scrollToRow, onToggle, onOpen } = latest.current;
    const { row, column } = active.current;
    const wide = event.ctrlKey || event.metaKey;
    const lastRow = rowCount - 1;
    const lastColumn = Math.max(0, cells(rowOf(row) ?? grid.current).length - 1);
    const moves: Record<string, [number, number]> = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: wide ? [0, 0] : [row, 0],
      End: wide ? [lastRow, lastColumn] : [row, lastColumn],
      PageUp: [Math.max(1, row - pageRows), column],
      PageDown: [Math.min(lastRow, row + pageRows), column],
    };
    const move = moves[event.key];
    const onControl = (event.target as HTMLElement).matches(CONTROLS);
    if (move) {
      event.preventDefault();
      const [nextRow, nextColumn] = move;
      if (nextRow < 0 || nextRow > lastRow || nextColumn < 0) return;
      active.current = { row: nextRow, column: nextColumn };
      pending.current = true;
      if (nextRow > 0) scrollToRow(nextRow);
      setHeldRow(nextRow);
      applyTabStops();
    } else if (event.key === ' ' && row > 0 && !onControl && onToggle) {
      event.preventDefault();
      onToggle(row);
    } else if (event.key === 'Enter' && row > 0 && !onControl) {
      onOpen?.(row);
    }
  };

  return { onKeyDown, onFocus, onBlur, heldRow };
}
