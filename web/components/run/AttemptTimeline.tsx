'use client';

import { RunStateBadge } from '@/components/runs/RunStateBadge';
import { Card } from '@/components/ui/Card';
import type { RunDetail } from '@/lib/api/use-run';
import { formatCount, formatInstant, formatSeconds } from '@/lib/format';
import { useNow } from '@/lib/now';
import { timelineOf, type TimelineBar } from '@/lib/timeline';

const fills: Record<TimelineBar['kind'], string> = {
  queued: 'bg-line',
  running: 'bg-accent',
  finished: 'bg-good',
  failed: 'bg-bad',
  stopped: 'bg-line-strong',
  lost: 'bg-warn',
};

/** Each time the run was tried, on one axis of time, with the steps it covered. */
export function AttemptTimeline({ run }: { run: RunDetail }) {
  const now = useNow();
  const { bars, start, end } = timelineOf(run, now);
  const span = Math.max(1, end - start);
  return (
    <Card
      title="Attempts"
      note={run.attempts.length > 0 ? `${formatSeconds(span / 1000)} from launch to end` : undefined}
      flush
    >
      <div className="flex flex-col gap-1 px-4 pb-3">
        {bars.map((bar) => (
          <div key={bar.name} className="grid grid-cols-[5.5rem_minmax(0,1fr)] items-center gap-3 text-table">
            <span className="truncate text-muted">{bar.name}</span>
            <span className="relative h-4 rounded-sm bg-sunken" title={bar.title}>
              <span
                className={`absolute inset-y-0 min-w-1 rounded-sm ${fills[bar.kind]}`}
                style={{
                  left: `${((bar.from - start) / span) * 100}%`,
                  width: `${((bar.to - bar.from) / span) * 100}%`,
                }}
              />
            </span>
          </div>
        ))}
        <div className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-3 text-axis text-muted">
          <span />
          <span className="flex justify-between gap-2">
            <time dateTime={new Date(start).toISOString()}>
              {formatInstant(new Date(start).toISOString())}
            </time>
            {now > 0 && <span>{formatInstant(new Date(end).toISOString()).slice(11)}</span>}
          </span>
        </div>
      </div>
      <table className="table-plain border-t border-line">
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">State</th>
            <th scope="col">Worker</th>
            <th scope="col" className="num">
              Steps
            </th>
            <th scope="col" className="num">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {run.attempts.map((attempt) => (
            <tr key={attempt.number}>
              <td>{attempt.number}</td>
              <td>
                <RunStateBadge state={attempt.state} />
                {attempt.error && <p className="mt-1 break-words text-bad">{attempt.error.message}</p>}
              </td>
              <td className="break-words">
                {attempt.worker ?? '—'}
                {attempt.device && <span className="text-muted"> · {attempt.device}</span>}
              </td>
              <td className="num">
                {formatCount(attempt.firstStep)}–{formatCount(attempt.lastStep)}
              </td>
              <td className="num">
                {formatSeconds(
                  attempt.startedAt && (attempt.finishedAt || now > 0)
                    ? ((attempt.finishedAt ? Date.parse(attempt.finishedAt) : now) -
                        Date.parse(attempt.startedAt)) /
                        1000
                    : null,
                )}
              </td>
            </tr>
          ))}
          {run.attempts.length === 0 && (
            <tr>
              <td colSpan={5} className="text-muted">
                Waiting for a worker.
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </Card>
  );
}
