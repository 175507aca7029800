'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine, Download, WrapText } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Choice } from '@/components/ui/Choice';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { useRunLog, type LogLine } from '@/lib/api/use-run-log';
import { isActive, type RunDetail } from '@/lib/api/use-run';
import { formatInstant } from '@/lib/format';
import { matchesIn } from '@/lib/matches';

const tones: Record<string, string> = { warn: 'text-warn', error: 'text-bad' };
const levels = [
  { value: 'all', text: 'All lines' },
  { value: 'warn', text: 'Warnings and errors' },
  { value: 'error', text: 'Errors' },
] as const;
const hidden: Record<(typeof levels)[number]['value'], readonly string[]> = {
  all: [],
  warn: ['info'],
  error: ['info', 'warn'],
};

/** The text with what was searched for marked. */
function Marked({ text, search }: { text: string; search: string }) {
  if (search === '') return text;
  return matchesIn(text, search).map(({ text: part, match }, index) =>
    match ? (
      <mark key={index} className="rounded-xs bg-warn-soft text-text outline-1 outline-warn">
        {part}
      </mark>
    ) : (
      part
    ),
  );
}

function save(run: RunDetail, lines: readonly LogLine[]): void {
  const text = lines.map(({ time, level, message }) => `${time} ${level} ${message}\n`).join('');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = `${run.name.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.log`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** The run's whole log: searched, filtered by level, followed to its end as long as the reader has not scrolled away from it. */
export function RunLogs({ run }: { run: RunDetail }) {
  const { lines, loading, error, retry } = useRunLog(run.id);
  const [search, setSearch] = useState('');
  const [level, setLevel] = useState<(typeof levels)[number]['value']>('all');
  const [wrap, setWrap] = useState(true);
  const [following, setFollowing] = useState(true);
  const wanted = search.trim();
  const shown = useMemo(() => {
    const lower = wanted.toLowerCase();
    return lines.filter(
      (line) => !hidden[level].includes(line.level) && line.message.toLowerCase().includes(lower),
    );
  }, [lines, wanted, level]);
  const box = useRef<HTMLDivElement>(null);
  const top = useRef(0);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => 20,
    overscan: 20,
    getItemKey: (index) => shown[index]!.sequence,
  });
  const count = shown.length;
  useEffect(() => {
    if (following && count > 0) virtual.scrollToIndex(count - 1, { align: 'end' });
  }, [count, following, wrap, virtual]);

  if (error) return <ErrorState error={error} retry={retry} />;
  if (loading)
    return (
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonLines lines={10} label="Loading the log" />
      </div>
    );
  if (lines.length === 0)
    return (
      <EmptyState title="No log lines yet">
        <p>
          {isActive(run.state) ? 'Lines appear here as the worker writes them.' : 'The run wrote nothing.'}
        </p>
      </EmptyState>
    );
  return (
    <section aria-label="Log" className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <input
          type="search"
          aria-label="Search the log"
          placeholder="Search the log"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className="h-8 w-56 max-w-full rounded-md border border-line-strong bg-surface px-2"
        />
        <Choice label="Level" options={levels} value={level} onChange={setLevel} />
        <span role="status" className="text-table text-muted">
          {count < lines.length
            ? `${count.toLocaleString('en-US')} of ${lines.length.toLocaleString('en-US')} lines`
            : `${lines.length.toLocaleString('en-US')} ${lines.length === 1 ? 'line' : 'lines'}`}
        </span>
        <span className="ml-auto flex gap-2">
          <Button
            small
            aria-pressed={wrap}
            onClick={() => setWrap(!wrap)}
            className="aria-pressed:border-accent"
          >
            <WrapText aria-hidden className="size-3.5" />
            Wrap
          </Button>
          <Button
            small
            aria-pressed={following}
            title="Stay at the newest line"
            onClick={() => setFollowing(!following)}
            className="aria-pressed:border-accent aria-pressed:text-accent"
          >
            <ArrowDownToLine aria-hidden className="size-3.5" />
            Follow
          </Button>
          <Button small onClick={() => save(run, lines)}>
            <Download aria-hidden className="size-3.5" />
            Save
          </Button>
        </span>
      </div>
      <div
        ref={box}
        role="log"
        aria-label="Log lines"
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
          const atEnd = scrollTop + clientHeight >= scrollHeight - 4;
          if (atEnd) setFollowing(true);
          else if (scrollTop < top.current - 4) setFollowing(false);
          top.current = scrollTop;
        }}
        className="max-h-[max(16rem,calc(100dvh-20rem))] overflow-auto rounded-lg border border-line bg-surface py-2 font-mono text-table"
      >
        {count === 0 ? (
          <p className="px-4 font-sans text-muted">No line matches.</p>
        ) : (
          <ol className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ index, start, key }) => {
              const line = shown[index]!;
              return (
                <li
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  className="absolute top-0 left-0 grid min-w-full grid-cols-[auto_minmax(0,1fr)] gap-x-3 px-4 py-0.5"
                  style={{ transform: `translateY(${start}px)`, ...(wrap ? { width: '100%' } : {}) }}
                >
                  <time dateTime={line.time} title={formatInstant(line.time)} className="text-muted">
                    {formatInstant(line.time).slice(11)}
                  </time>
                  <span
                    className={`${wrap ? 'break-words whitespace-pre-wrap' : 'whitespace-pre'} ${tones[line.level] ?? ''}`}
                  >
                    {line.level !== 'info' && <span className="sr-only">{line.level}: </span>}
                    <Marked text={line.message} search={wanted} />
                  </span>
                </li>
              );
            })}
          </ol>
        )}
      </div>
    </section>
  );
}
