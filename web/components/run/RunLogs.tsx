'use client';

import { useEffect, useRef, useState } from 'react';
import { Card } from '@/components/ui/Card';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { useRunLogs, type RunDetail } from '@/lib/api/use-run';
import { formatCount, formatInstant, plural } from '@/lib/format';

const tones: Record<string, string> = { warn: 'text-warn', error: 'text-bad' };

/** The run's log, followed to its end as long as the reader has not scrolled away from it. */
export function RunLogs({ run }: { run: RunDetail }) {
  const moment = `${run.state} ${run.progress.step} ${run.attempts.length}`;
  const { lines, total, loading, error } = useRunLogs(run.id, moment);
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  useEffect(() => {
    if (following && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines, following]);
  const note =
    lines.length < total
      ? `${formatCount(lines.length)} of ${formatCount(total)} lines`
      : plural(total, 'line');
  return (
    <Card title="Logs" note={loading ? undefined : note} flush>
      {error ? (
        <div className="p-4 pt-0">
          <ErrorState error={error} />
        </div>
      ) : loading ? (
        <SkeletonLines label="Loading the log" />
      ) : lines.length === 0 ? (
        <p className="px-4 pb-4 text-muted">No log lines yet.</p>
      ) : (
        <div
          ref={box}
          role="log"
          aria-label="Log lines"
          tabIndex={0}
          onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) =>
            setFollowing(scrollTop + clientHeight >= scrollHeight - 8)
          }
          className="max-h-96 overflow-auto border-t border-line px-4 py-2 font-mono text-table"
        >
          <ol>
            {lines.map((line) => (
              <li key={line.sequence} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 py-px">
                <time dateTime={line.time} title={formatInstant(line.time)} className="text-muted">
                  {formatInstant(line.time).slice(11)}
                </time>
                <span className={`break-words whitespace-pre-wrap ${tones[line.level.toLowerCase()] ?? ''}`}>
                  {line.message}
                </span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </Card>
  );
}
