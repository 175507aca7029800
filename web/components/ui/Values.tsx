'use client';

import type { ReactNode } from 'react';
import { formatAgo, formatInstant, shortDigest } from '@/lib/format';
import { useNow } from '@/lib/now';
import { CopyButton } from './Snippet';

/** How long ago, with the exact instant on hover. */
export function Ago({ instant }: { instant: string | null | undefined }) {
  const now = useNow();
  if (!instant || now === 0) return <span className="text-muted">—</span>;
  return (
    <time dateTime={instant} title={formatInstant(instant)} className="whitespace-nowrap">
      {formatAgo(instant, now)}
    </time>
  );
}

/** A digest, shortened, to copy in full. */
export function Digest({ value, name }: { value: string | null | undefined; name: string }) {
  if (!value) return <span className="text-muted">—</span>;
  return (
    <span className="inline-flex items-center gap-1">
      <code className="font-mono text-table" title={value}>
        {shortDigest(value)}
      </code>
      <CopyButton text={value} label={`Copy ${name}`} className="-my-1.5" />
    </span>
  );
}

/** One number with its name, for the row of key figures at a page's top. */
export function Figure({
  name,
  value,
  note,
  wrapNote = false,
}: {
  name: string;
  value: ReactNode;
  note?: ReactNode;
  /** Where the note has to be read to its end. */
  wrapNote?: boolean;
}) {
  return (
    <div className="min-w-0 rounded-lg border border-line bg-surface px-4 py-3">
      <dt className="truncate text-table text-muted">{name}</dt>
      <dd className="mt-0.5 text-page font-semibold">{value}</dd>
      {note !== undefined && <dd className={`text-axis text-muted ${wrapNote ? '' : 'truncate'}`}>{note}</dd>}
    </div>
  );
}

/** Key figures side by side. */
export function Figures({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-6">{children}</dl>;
}

/** Names and values in two columns. */
export function Facts({ rows }: { rows: [string, ReactNode][] }) {
  return (
    <dl className="grid grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-table">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
