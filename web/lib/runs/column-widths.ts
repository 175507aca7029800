/** Widths of the runs table's columns, in CSS pixels. */

import { escapeColumn, readColumn, unescapeColumn } from '@/lib/runs/column-keys';

/** The column of names, which every table has. */
export const NAME_COLUMN = 'name';
export const LEAST_WIDTH = 48;
export const MOST_WIDTH = 2000;

/** The widths that were changed by hand, by column. */
export type ColumnWidths = Readonly<Record<string, number>>;

/** A column that takes space. */
export interface SizedColumn {
  id: string;
  /** What it has when nobody changed it and there is no space left over. */
  width: number;
  most: number;
}

/** Writes widths for URLs: the width first, for columns may be called anything. */
export function printWidths(widths: ColumnWidths): string {
  return Object.entries(widths)
    .map(([id, width]) => `${width}:${escapeColumn(id)}`)
    .join(',');
}

/** The widths that a URL holds; columns and widths that cannot be are left out. */
export function readWidths(text: string): ColumnWidths {
  return Object.fromEntries(
    text.split(',').flatMap((part): [string, number][] => {
      const [, digits, escaped] = /^(\d{1,4}):(.+)$/s.exec(part) ?? [];
      if (escaped === undefined) return [];
      const id = unescapeColumn(escaped);
      const width = Number(digits);
      if (width < LEAST_WIDTH || width > MOST_WIDTH) return [];
      return id === NAME_COLUMN || readColumn(id) !== null ? [[id, width]] : [];
    }),
  );
}

/**
 * How wide columns are that stand beside each other in so much space. What they leave over goes to those after the last one that was
 * changed by hand, in proportion: what is left of an edge stays where it is when the edge is moved.
 */
export function fittedWidths(
  columns: readonly SizedColumn[],
  changed: ColumnWidths,
  space: number,
): ReadonlyMap<string, number> {
  const own = columns.map(({ id, width, most }) => Math.min(most, changed[id] ?? width));
  const first = columns.findLastIndex(({ id }) => changed[id] !== undefined) + 1;
  const sum = (widths: readonly number[]) => widths.reduce((total, width) => total + width, 0);
  let left = Math.max(0, space - sum(own));
  let sharing = sum(own.slice(first));
  return new Map(
    columns.map(({ id, most }, index) => {
      const width = own[index]!;
      if (index < first) return [id, width];
      const share = Math.min(most - width, Math.round((left * width) / sharing));
      left -= share;
      sharing -= width;
      return [id, width + share];
    }),
  );
}

/**
 * The widths to keep when those of `before` are to become those of `next`, with columns drawn as wide as `drawn` says. Columns before one
 * that changes keep the space they were given; a width that is as it was drawn is no change.
 */
export function changedWidths(
  columns: readonly SizedColumn[],
  drawn: ReadonlyMap<string, number>,
  before: ColumnWidths,
  next: ColumnWidths,
): ColumnWidths {
  const widths: Record<string, number> = {};
  for (const { id, most } of columns) {
    const width = next[id];
    if (width === undefined || (before[id] === undefined && width === drawn.get(id))) continue;
    widths[id] = width === before[id] ? width : Math.round(Math.min(most, Math.max(LEAST_WIDTH, width)));
  }
  const last = columns.findLastIndex(({ id }) => widths[id] !== before[id] && widths[id] !== undefined);
  for (const { id, width } of columns.slice(0, Math.max(0, last))) {
    const shown = drawn.get(id) ?? width;
    if (shown !== width) widths[id] ??= shown;
  }
  return widths;
}
