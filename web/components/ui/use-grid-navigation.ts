'use client';

import { useCallback, useEffect, useRef, type KeyboardEvent, type RefObject } from 'react';

interface GridActions {
  /** Space on a row (rows count from 1; 0 is the header). */
  onToggle?(row: number): void;
  /** Enter on a cell without a control of its own. */
  onOpen?(row: number): void;
}

const CONTROLS = 'a, button, input, select';

function targetOf(cell: HTMLElement): HTMLElement {
  return cell.querySelector<HTMLElement>(CONTROLS) ?? cell;
}

function rowsOf(grid: HTMLElement): HTMLElement[][] {
  return [...grid.querySelectorAll<HTMLElement>('[role="row"]')].map((row) => [
    ...row.querySelectorAll<HTMLElement>('[role="gridcell"], [role="columnheader"], [role="rowheader"]'),
  ]);
}

/**
 * The WAI-ARIA grid pattern: the whole grid is one tab stop, arrows move between cells, Home and End within a row,
 * with Ctrl to the first and last row, PageUp and PageDown by ten. A cell with a control gives the focus to it.
 */
export function useGridNavigation(grid: RefObject<HTMLElement | null>, actions: GridActions = {}) {
  const active = useRef({ row: 1, column: 0 });

  const applyTabStops = useCallback(() => {
    if (!grid.current) return;
    const rows = rowsOf(grid.current);
    active.current.row = Math.min(active.current.row, rows.length - 1);
    rows.forEach((cells, row) =>
      cells.forEach((cell, column) => {
        const isActive = row === active.current.row && column === active.current.column;
        targetOf(cell).tabIndex = isActive ? 0 : -1;
      }),
    );
  }, [grid]);

  useEffect(applyTabStops);

  const onFocus = useCallback(() => {
    if (!grid.current) return;
    const rows = rowsOf(grid.current);
    rows.forEach((cells, row) => {
      const column = cells.findIndex((cell) => cell.contains(document.activeElement));
      if (column >= 0) active.current = { row, column };
    });
    applyTabStops();
  }, [grid, applyTabStops]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!grid.current || event.altKey) return;
    const rows = rowsOf(grid.current);
    const { row, column } = active.current;
    const wide = event.ctrlKey || event.metaKey;
    const lastRow = rows.length - 1;
    const lastColumn = (rows[row]?.length ?? 1) - 1;
    const moves: Record<string, [number, number]> = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: wide ? [0, 0] : [row, 0],
      End: wide ? [lastRow, lastColumn] : [row, lastColumn],
      PageUp: [Math.max(1, row - 10), column],
      PageDown: [Math.min(lastRow, row + 10), column],
    };
    const move = moves[event.key];
    const onControl = (event.target as HTMLElement).matches(CONTROLS);
    if (move) {
      const cell = rows[move[0]]?.[move[1]];
      event.preventDefault();
      if (cell) targetOf(cell).focus();
    } else if (event.key === ' ' && row > 0 && !onControl && actions.onToggle) {
      event.preventDefault();
      actions.onToggle(row);
    } else if (event.key === 'Enter' && row > 0 && !onControl) {
      actions.onOpen?.(row);
    }
  };

  return { onKeyDown, onFocus };
}
