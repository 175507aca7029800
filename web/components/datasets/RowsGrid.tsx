'use client';

import { useEffect } from 'react';
import { useVirtualRows } from '@/components/ui/use-virtual-rows';
import type { Row, RowPager } from '@/lib/datasets/row-pager';
import { matchesIn } from '@/lib/matches';

const HEADING = 32;
const ROW = 36;
/** Browsers draw no taller element than about 33 million pixels. */
const MOST_ROWS = Math.floor(32_000_000 / ROW);

/** Rows that can be scrolled to, of so many that were found. */
export function reachableRows(total: number): number {
  return Math.min(total, MOST_ROWS);
}

/** Characters that are sure to be seen of a sentence. */
const SEEN = 40;
/** Characters of a sentence that are drawn. */
const DRAWN = 400;

/** The part of a sentence that says why it was found. */
function excerpt(text: string, search: string): string {
  const at = search === '' ? -1 : text.toLowerCase().indexOf(search.toLowerCase());
  if (at <= SEEN) return text.slice(0, DRAWN);
  // From the beginning of a word.
  const from = text.indexOf(' ', at - SEEN / 2) + 1;
  if (from > at) return `…${text.slice(at, at + DRAWN)}`;
  return `${from > 0 ? '…' : ''}${text.slice(from, from + DRAWN)}`;
}

function Sentence({ text, search }: { text: string; search: string }) {
  return matchesIn(excerpt(text, search), search).map((part, index) =>
    part.match ? (
      <mark key={index} className="rounded-sm bg-accent-soft font-medium text-accent">
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
}

/** Rows of a version in a grid of any length, of which only those in view are drawn and read; by mouse and by keyboard. */
export function RowsGrid({
  pager,
  tasks,
  search,
  waiting,
  version,
  onOpen,
}: {
  pager: RowPager;
  tasks: readonly string[];
  search: string;
  waiting: boolean;
  /** Changes whenever rows may have. */
  version: number;
  onOpen: (row: Row) => void;
}) {
  const total = reachableRows(pager.total ?? 0);
  const { scroller, grid, virtual, handlers } = useVirtualRows({
    count: total,
    rowHeight: ROW,
    headingHeight: HEADING,
    onOpen(row) {
      const found = pager.at(row);
      if (found) onOpen(found);
    },
  });
  useEffect(() => virtual.scrollToOffset(0), [virtual, pager]);
  const range = virtual.range;
  useEffect(() => {
    if (range) pager.show(range.startIndex, range.endIndex);
  }, [pager, range, version]);

  const template = `72px minmax(220px, 4fr) 88px ${tasks.map(() => 'minmax(112px, 1fr)').join(' ')}`;
  return (
    <div
      ref={scroller}
      aria-busy={waiting}
      className={`relative max-h-[max(20rem,calc(100dvh-20rem))] overflow-auto rounded-lg border border-line bg-surface ${waiting ? 'opacity-60' : ''}`}
    >
      <div
        ref={grid}
        role="grid"
        aria-label="Rows"
        aria-rowcount={total + 1}
        aria-colcount={3 + tasks.length}
        {...handlers}
        style={{ minWidth: 380 + 112 * tasks.length }}
        className="text-table"
      >
        <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-surface">
          <div
            role="row"
            aria-rowindex={1}
            className="grid items-center px-2 font-medium text-muted"
            style={{ gridTemplateColumns: template, height: HEADING }}
          >
            <span role="columnheader" className="px-2 text-right">
              #
            </span>
            <span role="columnheader" className="px-2">
              Sentence
            </span>
            <span role="columnheader" className="px-2">
              Split
            </span>
            {tasks.map((task) => (
              <span key={task} role="columnheader" className="truncate px-2">
                {task}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = pager.at(index);
            return (
              <div
                key={index}
                role="row"
                aria-rowindex={index + 2}
                data-row={row?.index}
                className="absolute inset-x-0 grid items-center border-b border-line px-2 hover:bg-sunken"
                style={{
                  gridTemplateColumns: template,
                  height: ROW,
                  transform: `translateY(${start - HEADING}px)`,
                }}
              >
                <span role="gridcell" className="px-2 text-right text-muted">
                  {row?.index ?? ''}
                </span>
                <span role="gridcell" className="min-w-0 px-2">
                  {row ? (
                    <button
                      type="button"
                      title={row.sentence.slice(0, 500)}
                      onClick={() => onOpen(row)}
                      className="block w-full truncate text-left text-body hover:underline"
                    >
                      <Sentence text={row.sentence} search={search} />
                    </button>
                  ) : (
                    <span aria-hidden className="block h-3 w-2/3 rounded-sm bg-sunken" />
                  )}
                </span>
                <span role="gridcell" className="px-2 text-muted">
                  {row?.split.toLowerCase()}
                </span>
                {tasks.map((task) => {
                  const label = row?.labels.find((one) => one.task === task)?.label;
                  return (
                    <span key={task} role="gridcell" className="truncate px-2" title={label}>
                      {label ?? <span className="text-muted">{row && '—'}</span>}
                    </span>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
