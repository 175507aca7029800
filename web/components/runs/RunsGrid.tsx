'use client';

import { useRouter } from 'next/navigation';
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
} from 'react';
import { useClient } from 'urql';
import { useVirtualRows } from '@/components/ui/use-virtual-rows';
import type { RunState } from '@/lib/generated/graphql';
import { useRunSlots } from '@/lib/run-colors';
import { CurveStore } from '@/lib/runs/curve-store';
import { NAME_COLUMN } from '@/lib/runs/column-widths';
import type { RunListItem } from '@/lib/runs/run-pager';
import { countRows, rowAt, runsInView, type RowSection } from '@/lib/runs/run-rows';
import type { RunsView } from '@/lib/runs/runs-view';
import type { RunGroup } from '@/lib/runs/use-run-groups';
import { GridHeading } from './GridHeading';
import { GroupRow } from './GroupRow';
import type { RunColumn } from './run-columns';
import { RunRow } from './RunRow';
import { useRunsGrid } from './use-runs-grid';

const HEADING = 44;

export interface GridSection extends RowSection {
  group: RunGroup | null;
}

/** Selected runs in the order of selection, with the state each was last seen in. */
export type Selection = ReadonlyMap<string, RunState>;

interface RunsGridProps {
  sections: readonly GridSection[];
  columns: readonly RunColumn[];
  runAt(section: string, index: number): RunListItem | null;
  /** Says which runs of a section are in view. */
  onShow(section: string, first: number, last: number): void;
  onOpenGroup(section: string): void;
  /** The columns in the order that they stand in. */
  columnOrder: readonly string[];
  view: RunsView;
  onView(view: Partial<RunsView>): void;
  selection: Selection;
  onSelect(selection: Selection): void;
  /** Runs that were read so far. */
  loaded(): RunListItem[];
  /** Changes whenever rows may have. */
  version: number;
  /** Changes when there are other runs to show: they are shown from the first. */
  listKey: string;
}

/** The widths of the columns, which all rows have from the grid. */
function gridStyle(tracks: readonly number[], nameStart: number): CSSProperties {
  return {
    minWidth: tracks.reduce((sum, width) => sum + width, 0),
    '--columns': tracks.map((width) => `${width}px`).join(' '),
    '--name-start': `${nameStart}px`,
  } as CSSProperties;
}

/** Runs in a grid of any length, of which only the rows in view are drawn; by mouse and by keyboard. */
export function RunsGrid({
  sections,
  columns,
  runAt,
  onShow,
  onOpenGroup,
  columnOrder,
  view,
  onView,
  selection,
  onSelect,
  loaded,
  version,
  listKey,
}: RunsGridProps) {
  const router = useRouter();
  const rowHeight = view.compact ? 28 : 40;
  const rowCount = countRows(sections);

  const runOf = useCallback(
    (row: number): RunListItem | null => {
      const place = rowAt(sections, row);
      return place?.kind === 'run' ? runAt(sections[place.section]!.key, place.index) : null;
    },
    [sections, runAt],
  );

  // Rows that are drawn again are read again.
  const read = useMemo(() => loaded(), [loaded, version]);
  const [space, setSpace] = useState(0);
  const table = useRunsGrid({
    ...{ columns, columnOrder, view, onView, selection, onSelect, runs: read, space },
  });
  const { toggleRun } = table;

  const { scroller, grid, virtual, handlers } = useVirtualRows({
    count: rowCount,
    rowHeight,
    headingHeight: HEADING,
    onToggle(row) {
      const run = runOf(row);
      if (run) toggleRun(run.id);
    },
    onOpen(row) {
      const run = runOf(row);
      if (run) router.push(`/runs/${run.id}`);
    },
  });
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    setSpace(box.clientWidth);
    const observer = new ResizeObserver(() => setSpace(box.clientWidth));
    observer.observe(box);
    return () => observer.disconnect();
  }, [scroller]);
  const shownKey = useRef(listKey);
  useEffect(() => {
    if (shownKey.current !== listKey) virtual.scrollToOffset(0);
    shownKey.current = listKey;
  }, [virtual, listKey]);

  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    for (const range of runsInView(
      sections,
      virtual.range?.startIndex ?? first,
      virtual.range?.endIndex ?? last,
    ))
      onShow(sections[range.section]!.key, range.first, range.last);
  }, [sections, first, last, onShow, virtual]);

  // Colours are given to the rows that one stops at, not to all that fly by.
  const [coloured, setColoured] = useState<string[]>([]);
  const scrolling = virtual.isScrolling;
  useEffect(() => {
    if (scrolling) return;
    const ids = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => runOf(first + index)?.id);
    setColoured((before) => {
      const next = ids.filter((id) => id !== undefined);
      return next.join() === before.join() ? before : next;
    });
  }, [scrolling, first, last, runOf, version]);
  const slotOf = useRunSlots(coloured);

  const client = useClient();
  const curveNames = columns.flatMap(({ key }) => (key.kind === 'curve' ? [key.name] : [])).join('\n');
  const curves = useMemo(
    () => new Map(curveNames.split('\n').map((name) => [name, new CurveStore(client, name)])),
    [client, curveNames],
  );

  const tracks = table.getLeafHeaders().map((header) => table.widthOf(header));
  const shown = table.getCenterLeafColumns();
  const drawn = useMemo(() => shown.flatMap(({ columnDef }) => columnDef.meta ?? []), [shown]);

  return (
    <div
      ref={scroller}
      className="relative max-h-[max(20rem,calc(100dvh-14.5rem))] overflow-auto rounded-lg border border-line bg-surface"
    >
      <div
        ref={grid}
        role="grid"
        aria-label="Runs"
        aria-rowcount={rowCount + 1}
        aria-colcount={tracks.length}
        aria-multiselectable
        data-compact={view.compact || undefined}
        {...handlers}
        style={gridStyle(tracks, table.getColumn(NAME_COLUMN)!.getStart('start'))}
        className="text-table"
      >
        <GridHeading table={table} height={HEADING} />
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const place = rowAt(sections, index);
            if (place === null) return null;
            const section = sections[place.section]!;
            const position = { rowIndex: index + 2, top: start - HEADING, height: rowHeight };
            if (place.kind === 'heading')
              return (
                <GroupRow
                  key={`group ${section.key}`}
                  {...position}
                  group={section.group!}
                  open={section.open}
                  columns={drawn}
                  onToggle={() => onOpenGroup(section.key)}
                />
              );
            const run = runAt(section.key, place.index);
            return (
              <RunRow
                key={`${section.key} ${place.index}`}
                {...position}
                run={run}
                columns={drawn}
                slot={run ? slotOf(run.id) : 0}
                selected={run !== null && table.state.rowSelection[run.id] === true}
                curves={curves}
                onToggle={toggleRun}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
