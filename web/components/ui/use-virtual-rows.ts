'use client';

import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef } from 'react';
import { useVirtualGrid } from './use-virtual-grid';

interface VirtualRows {
  /** Rows, the heading not counted. */
  count: number;
  rowHeight: number;
  headingHeight: number;
  /** Space on a row; rows count from 0. */
  onToggle?(row: number): void;
  /** Enter on a row, where the cell has no control of its own. */
  onOpen?(row: number): void;
}

/**
 * Rows of a grid of any length of which those in view are drawn, and the one that has the focus; by mouse and by keyboard. `scroller`
 * and `grid` go to the element that scrolls and to the grid in it, whose heading is its first row and stays at the top.
 */
export function useVirtualRows({ count, rowHeight, headingHeight, onToggle, onOpen }: VirtualRows) {
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const held = useRef<number | null>(null);
  const rangeExtractor = useCallback((range: Range) => {
    const rows = defaultRangeExtractor(range);
    const row = held.current === null ? null : held.current - 1;
    if (row === null || row < 0 || row >= range.count || rows.includes(row)) return rows;
    return [...rows, row].sort((a, b) => a - b);
  }, []);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: headingHeight,
    scrollPaddingStart: headingHeight,
    rangeExtractor,
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);
  const navigation = useVirtualGrid(grid, {
    rowCount: count + 1,
    pageRows: Math.max(
      1,
      Math.floor(((scroller.current?.clientHeight ?? 400) - headingHeight) / rowHeight) - 1,
    ),
    scrollToRow: (row) => virtual.scrollToIndex(row - 1),
    ...(onToggle && { onToggle: (row: number) => onToggle(row - 1) }),
    ...(onOpen && { onOpen: (row: number) => onOpen(row - 1) }),
  });
  useEffect(() => {
    held.current = navigation.heldRow;
  }, [navigation.heldRow]);
  const { onKeyDown, onFocus, onBlur } = navigation;
  return { scroller, grid, virtual, handlers: { onKeyDown, onFocus, onBlur } };
}
