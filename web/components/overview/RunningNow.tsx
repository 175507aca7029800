'use client';

import Link from 'next/link';
import { RunProgress } from '@/components/runs/RunProgress';
import { RunStateBadge } from '@/components/runs/RunStateBadge';
import { Card } from '@/components/ui/Card';
import { Ago } from '@/components/ui/Values';
import type { ActiveRun, OverviewRun } from '@/lib/api/use-overview';
import { formatCount, formatPercent, formatSeconds } from '@/lib/format';
import { useNow } from '@/lib/now';
import { remainingSeconds } from '@/lib/remaining';
import { RunName, type SlotOf } from './RunName';

function More({ shown, total, href }: { shown: number; total: number; href: string }) {
  if (total <= shown) return null;
  return (
    <Link href={href} prefetch={false} className="link text-table">
      {formatCount(total - shown)} more
    </Link>
  );
}

/** What trains at this moment, how far it is and how long it will take. */
export function RunningNow({
  runs,
  total,
  slotOf,
}: {
  runs: readonly ActiveRun[];
  total: number;
  slotOf: SlotOf;
}) {
  const now = useNow();
  return (
    <Card title="Running now" note={total > 0 ? formatCount(total) : undefined}>
      {runs.length === 0 ? (
        <p className="text-muted">Nothing runs.</p>
      ) : (
        <ul className="flex flex-col gap-3">
          {runs.map((run) => {
            const left = remainingSeconds(run, now);
            return (
              <li key={run.id} data-run={run.id} className="flex flex-col gap-1">
                <span className="flex items-center justify-between gap-3">
                  <RunName run={run} slotOf={slotOf} />
                  <span className="shrink-0 text-right text-table text-muted">
                    {run.state === 'STARTING' ? (
                      <RunStateBadge state={run.state} />
                    ) : (
                      formatPercent(run.progress.fraction)
                    )}
                    {left !== null && !run.external && (
                      <span className="block">{formatSeconds(left)} left</span>
                    )}
                  </span>
                </span>
                <RunProgress fraction={run.progress.fraction} className="w-full" />
              </li>
            );
          })}
        </ul>
      )}
      <More shown={runs.length} total={total} href="/runs?state=RUNNING" />
    </Card>
  );
}

/** What waits for a worker, in the order it was launched. */
export function Queue({
  runs,
  total,
  slotOf,
}: {
  runs: readonly OverviewRun[];
  total: number;
  slotOf: SlotOf;
}) {
  return (
    <Card title="Queue" note={total > 0 ? formatCount(total) : undefined}>
      {runs.length === 0 ? (
        <p className="text-muted">Nothing waits.</p>
      ) : (
        <ol className="flex flex-col gap-2">
          {runs.map((run, index) => (
            <li key={run.id} data-run={run.id} className="flex items-center justify-between gap-3">
              <span className="flex min-w-0 items-center gap-2">
                <span className="w-5 shrink-0 text-right text-table text-muted">{index + 1}</span>
                <RunName run={run} slotOf={slotOf} />
              </span>
              <span className="shrink-0 text-table text-muted">
                <Ago instant={run.createdAt} />
              </span>
            </li>
          ))}
        </ol>
      )}
      <More shown={runs.length} total={total} href="/runs?state=QUEUED" />
    </Card>
  );
}
