/** The rows of a table of runs: one section after the other, each with its heading when runs are grouped. */

export interface RowSection {
  key: string;
  /** How many runs it has. */
  count: number;
  /** Whether a heading stands above its runs. */
  headed: boolean;
  /** Whether its runs are shown. */
  open: boolean;
}

export type RowPlace = { kind: 'heading'; section: number } | { kind: 'run'; section: number; index: number };

function rowsOf({ count, headed, open }: RowSection): number {
  return Number(headed) + (open ? count : 0);
}

/** How many rows all sections take. */
export function countRows(sections: readonly RowSection[]): number {
  return sections.reduce((sum, section) => sum + rowsOf(section), 0);
}

/** What stands in a row, counted from 0; null beyond the last. */
export function rowAt(sections: readonly RowSection[], row: number): RowPlace | null {
  let left = row;
  for (const [index, section] of sections.entries()) {
    const rows = rowsOf(section);
    if (left >= rows) {
      left -= rows;
      continue;
    }
    if (section.headed && left === 0) return { kind: 'heading', section: index };
    return { kind: 'run', section: index, index: left - Number(section.headed) };
  }
  return null;
}

/** Which runs of each section lie among the rows from `first` to `last`; sections without any are left out. */
export function runsInView(
  sections: readonly RowSection[],
  first: number,
  last: number,
): { section: number; first: number; last: number }[] {
  const ranges: { section: number; first: number; last: number }[] = [];
  let start = 0;
  for (const [index, section] of sections.entries()) {
    const runsStart = start + Number(section.headed);
    const end = start + rowsOf(section);
    if (section.open && section.count > 0 && runsStart <= last && end - 1 >= first)
      ranges.push({
        section: index,
        first: Math.max(0, first - runsStart),
        last: Math.min(section.count - 1, last - runsStart),
      });
    start = end;
  }
  return ranges;
}
