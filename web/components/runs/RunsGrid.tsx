'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useClient } from 'urql';
import { useVirtualRows } from '@/components/ui/use-virtual-rows';
import type { RunState } from '@/lib/generated/graphql';
import { useRunSlots } from '@/lib/run-colors';
import { CurveStore } from '@/lib/runs/curve-store';
import type { RunListItem } from '@/lib/runs/run-pager';
import { countRows, rowAt, runsInView, type RowSection } from '@/lib/runs/run-rows';
import type { RunGroup } from '@/lib/runs/use-run-groups';
import { GridHeading } from './GridHeading';
import { GroupRow } from './GroupRow';
import type { RunColumn } from './run-columns';
import { RunRow } from './RunRow';

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
  sort: { column: string; descending: boolean } | null;
  onSort(column: RunColumn): void;
  selection: Selection;
  onSelect(selection: Selection): void;
  /** Runs that were read so far. */
  loaded(): RunListItem[];
  compact: boolean;
  /** Changes whenever rows may have. */
  version: number;
  /** Changes when there are other runs to show: they are shown from the first. */
  listKey: string;
}

/** Runs in a grid of any length, of which only the rows in view are drawn; by mouse and by keyboard. */
export function RunsGrid({
  sections,
  columns,
  runAt,
  onShow,
  onOpenGroup,
  sort,
  onSort,
  selection,
  onSelect,
  loaded,
  compact,
  version,
  listKey,
}: RunsGridProps) {
  const router = useRouter();
  const rowHeight = compact ? 28 : 40;
  const rowCount = countRows(sections);

  const runOf = useCallback(
    (row: number): RunListItem | null => {
      const place = rowAt(sections, row);
      return place?.kind === 'run' ? runAt(sections[place.section]!.key, place.index) : null;
    },
    [sections, runAt],
  );

  const anchor = useRef<number | null>(null);
  const toggle = useCallback(
    (row: number, range: boolean) => {
      const next = new Map(selection);
      const run = runOf(row);
      if (run === null) return;
      const from = anchor.current;
      if (range && from !== null) {
        for (let each = Math.min(from, row); each <= Math.max(from, row); each += 1) {
          const other = runOf(each);
          if (other) next.set(other.id, other.state);
        }
      } else if (!next.delete(run.id)) {
        next.set(run.id, run.state);
      }
      anchor.current = row;
      onSelect(next);
    },
    [selection, runOf, onSelect],
  );

  const { scroller, grid, virtual, handlers } = useVirtualRows({
    count: rowCount,
    rowHeight,
    headingHeight: HEADING,
    onToggle: (row) => toggle(row, false),
    onOpen(row) {
      const run = runOf(row);
      if (run) router.push(`/runs/${run.id}`);
    },
  });
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

  const template = `36px minmax(var(--name-width), 1.6fr) ${columns.map(({ width }) => `minmax(${width}px, ${width / 120}fr)`).join(' ')}`;
  const minWidth = columns.reduce((sum, { width }) => sum + width, 36);

  const read = loaded();
  const all = read.length > 0 && read.every(({ id }) => selection.has(id));
  const some = !all && read.some(({ id }) => selection.has(id));

  return (
    <div
      ref={scroller}
      className="relative max-h-[max(20rem,calc(100dvh-14.5rem))] overflow-auto rounded-lg border border-line bg-surface [--name-width:160px] sm:[--name-width:208px]"
    >
      <div
        ref={grid}
        role="grid"
        aria-label="Runs"
        aria-rowcount={rowCount + 1}
        aria-colcount={columns.length + 2}
        aria-multiselectable
        data-compact={compact || undefined}
        {...handlers}
        style={{ minWidth: `calc(${minWidth}px + var(--name-width))` }}
        className="text-table"
      >
        <GridHeading
          columns={columns}
          template={template}
          height={HEADING}
          sort={sort}
          onSort={onSort}
          checked={all ? true : some ? 'mixed' : false}
          onCheck={() =>
            onSelect(
              all ? new Map() : new Map([...selection, ...read.map(({ id, state }) => [id, state] as const)]),
            )
          }
        />
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const place = rowAt(sections, index);
            if (place === null) return null;
            const section = sections[place.section]!;
            const position = { rowIndex: index + 2, top: start - HEADING, height: rowHeight, template };
            if (place.kind === 'heading')
              return (
                <GroupRow
                  key={`group ${section.key}`}
                  {...position}
                  group={section.group!}
                  open={section.open}
                  columns={columns}
                  onToggle={() => onOpenGroup(section.key)}
                />
              );
            const run = runAt(section.key, place.index);
            return (
              <RunRow
                key={`${section.key} ${place.index}`}
                {...position}
                row={index}
                run={run}
                columns={columns}
                slot={run ? slotOf(run.id) : 0}
                selected={run !== null && selection.has(run.id)}
                curves={curves}
                onToggle={toggle}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
