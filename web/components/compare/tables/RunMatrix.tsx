'use client';

import { Copy } from 'lucide-react';
import Link from 'next/link';
import { useRef, useState, type ReactNode } from 'react';
import { RunSwatch } from '@/components/runs/RunSwatch';
import { useGridNavigation } from '@/components/ui/use-grid-navigation';
import { highlightRun } from '@/lib/highlight';
import type { ComparedRun } from '../compared';
import { DivergedMark } from '../DivergedMark';

/** Something told of every run: a setting, a metric. */
export interface MatrixItem {
  key: string;
  /** Marks its row or column for whoever looks for it: `data-metric="epoch/loss"`. */
  data: Record<string, string>;
}

export interface MatrixCell {
  content: ReactNode;
  /** What is copied. */
  text: string;
  muted?: boolean;
}

/** From so many runs on, runs are rows: a table grows downwards better than sideways. */
const MANY_RUNS = 8;

/** Whether runs are rows: as the reader chose, or by their number. */
export function runsAreRows(choice: string | null, runs: number): boolean {
  return choice === null ? runs > MANY_RUNS : choice === 'rows';
}

function RunHead({ compared }: { compared: ComparedRun }) {
  const { run, name, slot, baseline } = compared;
  return (
    <>
      <span className="inline-flex max-w-64 items-center gap-1.5">
        <RunSwatch slot={slot} />
        <Link
          prefetch={false}
          href={`/runs/${run.id}`}
          title={run.name}
          className="truncate text-text hover:underline"
        >
          {name}
        </Link>
        <DivergedMark divergence={run.divergence} />
      </span>
      {baseline && <span className="block text-axis font-normal">baseline</span>}
    </>
  );
}

function Cell({ cell, id }: { cell: MatrixCell; id: string }) {
  return (
    <td
      role="gridcell"
      data-run={id}
      className={`num group relative ${cell.muted ? 'text-muted' : ''}`}
      onPointerEnter={() => highlightRun(id)}
      onPointerLeave={() => highlightRun(null)}
    >
      {cell.content}
      <button
        type="button"
        data-copy={cell.text}
        aria-label={`Copy ${cell.text}`}
        title="Copy"
        className="absolute top-1 right-0 inline-flex size-5 items-center justify-center rounded bg-surface text-muted opacity-0 group-hover:opacity-100 hover:text-text focus-visible:opacity-100"
      >
        <Copy aria-hidden className="size-3" />
      </button>
    </td>
  );
}

const sticky = 'sticky left-0 z-[1] bg-surface';

/** Items against runs, either way round: one tab stop, arrows between cells, Enter copies one. */
export function RunMatrix({
  label,
  first,
  items,
  runs,
  rows,
  cell,
  empty,
}: {
  label: string;
  /** What an item is. */
  first: string;
  items: readonly MatrixItem[];
  runs: readonly ComparedRun[];
  /** Whether runs are the rows. */
  rows: boolean;
  cell: (item: MatrixItem, index: number) => MatrixCell;
  empty: ReactNode;
}) {
  const grid = useRef<HTMLTableElement>(null);
  const navigation = useGridNavigation(grid);
  const [copied, setCopied] = useState('');
  if (items.length === 0) return <p className="border-t border-line p-4 text-muted">{empty}</p>;
  const itemHead = (item: MatrixItem) => <span className="font-mono font-normal text-text">{item.key}</span>;
  return (
    <div className="relative max-h-[70vh] overflow-auto border-t border-line">
      <table
        ref={grid}
        role="grid"
        aria-label={label}
        className="table-plain"
        {...navigation}
        onClick={(event) => {
          const text = (event.target as Element).closest<HTMLElement>('[data-copy]')?.dataset.copy;
          if (text === undefined) return;
          void navigator.clipboard.writeText(text).then(() => setCopied(text));
        }}
      >
        <thead className="sticky top-0 z-[2] bg-surface">
          <tr role="row">
            <th role="columnheader" className={sticky}>
              {rows ? 'Run' : first}
            </th>
            {rows
              ? items.map((item) => (
                  <th key={item.key} role="columnheader" className="num">
                    {itemHead(item)}
                  </th>
                ))
              : runs.map((compared) => (
                  <th key={compared.run.id} role="columnheader" className="num">
                    <RunHead compared={compared} />
                  </th>
                ))}
          </tr>
        </thead>
        <tbody>
          {rows
            ? runs.map((compared, index) => (
                <tr key={compared.run.id} role="row">
                  <th role="rowheader" className={sticky}>
                    <RunHead compared={compared} />
                  </th>
                  {items.map((item) => (
                    <Cell key={item.key} cell={cell(item, index)} id={compared.run.id} />
                  ))}
                </tr>
              ))
            : items.map((item) => (
                <tr key={item.key} role="row" {...item.data}>
                  <th role="rowheader" className={sticky}>
                    {itemHead(item)}
                  </th>
                  {runs.map(({ run }, index) => (
                    <Cell key={run.id} cell={cell(item, index)} id={run.id} />
                  ))}
                </tr>
              ))}
        </tbody>
      </table>
      <p role="status" className="sr-only">
        {copied && `Copied ${copied}`}
      </p>
    </div>
  );
}
