'use client';

import Link from 'next/link';
import { Card } from '@/components/ui/Card';
import { Snippet } from '@/components/ui/Snippet';
import { Ago } from '@/components/ui/Values';
import type { WorkerRow } from '@/lib/api/use-overview';

/** Workers that left in the last day are listed too. */
export const isThere = (worker: WorkerRow) => worker.state === 'IDLE' || worker.state === 'BUSY';

const marks: Record<string, string> = { IDLE: 'bg-line-strong', BUSY: 'bg-accent' };

/** The processes that train, and what each is at. */
export function Workers({ workers }: { workers: readonly WorkerRow[] }) {
  const there = workers.filter(isThere);
  const lost = workers.filter(({ state }) => state === 'LOST').length;
  return (
    <Card title="Workers" note={there.length > 0 ? String(there.length) : undefined}>
      {there.length === 0 ? (
        <>
          <p className="mb-3 text-muted">No worker is connected: queued runs wait until one is.</p>
          <Snippet label="Start one" code="npx frostline worker" />
        </>
      ) : (
        <ul className="flex flex-col gap-2 text-table">
          {there.map((worker) => (
            <li key={worker.id} className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span className="min-w-0 font-medium break-words">
                <span
                  aria-hidden
                  className={`mr-2 inline-block size-2 rounded-full align-middle ${marks[worker.state] ?? ''}`}
                />
                {worker.name} <span className="font-normal text-muted">{worker.device}</span>
              </span>
              <span className="text-muted">
                {worker.currentRun ? (
                  <Link className="link" href={`/runs/${worker.currentRun.id}`} prefetch={false}>
                    {worker.currentRun.name}
                  </Link>
                ) : (
                  worker.state.toLowerCase()
                )}{' '}
                · since <Ago instant={worker.startedAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {lost > 0 && (
        <p className="mt-3 text-table text-warn">
          {lost === 1 ? 'One worker was' : `${lost} workers were`} lost in the last day; their runs were
          queued again.
        </p>
      )}
    </Card>
  );
}
