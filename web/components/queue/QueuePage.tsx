'use client';

import Link from 'next/link';
import { useState } from 'react';
import { isThere, Workers } from '@/components/overview/Workers';
import { AsButton } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { ConfirmDialog } from '@/components/ui/ConfirmDialog';
import { Page } from '@/components/ui/Page';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { Figure, Figures } from '@/components/ui/Values';
import { useQueue, useQueueActions, type QueueEntry } from '@/lib/api/use-queue';
import { formatCount, formatSeconds } from '@/lib/format';
import { useNow } from '@/lib/now';
import { QueueRow, type QueueAct } from './QueueRow';

const HIGHEST = 100;

const headings = ['Place', 'What', 'State', 'Begins', 'Takes', 'Worker', 'Priority'] as const;

/** When everything that is known will be over; null where that cannot be told. */
function useLastEnd(entries: readonly QueueEntry[]): number | null {
  const now = useNow();
  const pending = entries.filter(({ status }) => status !== 'PAUSED');
  const ends = pending.map(({ estimatedEndAt }) => (estimatedEndAt ? Date.parse(estimatedEndAt) : null));
  if (now === 0 || ends.length === 0 || ends.includes(null)) return null;
  return Math.max(0, (Math.max(...ends.map(Number)) - now) / 1000);
}

/** What workers are at, what waits and when its turn comes, live; with what can be done about it. */
export function QueuePage() {
  const { entries, total, workers, loading, error, reload } = useQueue();
  const { prioritize, pause, resume, cancel } = useQueueActions();
  const [cancelling, setCancelling] = useState<QueueEntry | null>(null);
  const remaining = useLastEnd(entries);
  const count = (...statuses: QueueEntry['status'][]) =>
    entries.filter(({ status }) => statuses.includes(status)).length;
  const refused = prioritize.error ?? pause.error ?? resume.error;

  const setPriority = async (entry: QueueEntry, priority: number) => {
    await prioritize.perform({ input: { ids: [entry.run!.id], priority } });
    reload();
  };
  const act = async (entry: QueueEntry, what: QueueAct) => {
    const input = { id: entry.run!.id };
    if (what === 'cancel') return setCancelling(entry);
    if (what === 'first') {
      const others = entries.filter(({ id, status }) => id !== entry.id && status === 'WAITING');
      const most = Math.max(0, ...others.map(({ priority }) => priority));
      return setPriority(entry, Math.min(HIGHEST, most + 1));
    }
    await (what === 'pause' ? pause : resume).perform({ input });
    reload();
  };
  return (
    <Page
      title="Queue"
      lead="What workers are at, and what waits for them: what has more priority goes first."
    >
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : loading ? (
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines lines={8} label="Loading the queue" />
        </div>
      ) : (
        <>
          <Figures>
            <Figure name="Running" value={formatCount(count('RUNNING'))} />
            <Figure name="Waiting" value={formatCount(count('WAITING', 'DELAYED'))} />
            <Figure name="Paused" value={formatCount(count('PAUSED'))} />
            <Figure name="Workers" value={formatCount(workers.filter(isThere).length)} />
            <Figure
              name="All done in"
              value={formatSeconds(remaining)}
              note={remaining === null ? 'not known yet' : 'by past runs like these'}
            />
          </Figures>
          {refused && <ErrorState error={refused} />}
          {entries.length === 0 ? (
            <EmptyState title="Nothing waits">
              <p>
                Runs that are launched line up here until a worker is free. So do verifications, advice and
                vectors for searching.
              </p>
              <AsButton look="primary">
                <Link href="/experiments/new" prefetch={false}>
                  New experiment
                </Link>
              </AsButton>
            </EmptyState>
          ) : (
            <Card
              flush
              title="In the queue"
              note={
                total > entries.length
                  ? `the first ${entries.length} of ${total.toLocaleString('en-US')}`
                  : undefined
              }
            >
              <div tabIndex={0} role="group" aria-label="The queue" className="overflow-x-auto">
                <table className="table-plain">
                  <thead>
                    <tr>
                      {headings.map((heading) => (
                        <th
                          scope="col"
                          key={heading}
                          className={heading === 'Place' || heading === 'Takes' ? 'num' : undefined}
                        >
                          {heading}
                        </th>
                      ))}
                      <th scope="col">
                        <span className="sr-only">Actions</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {entries.map((entry) => (
                      <QueueRow
                        key={entry.id}
                        entry={entry}
                        onPriority={(one, priority) => void setPriority(one, priority)}
                        onAct={(one, what) => void act(one, what)}
                      />
                    ))}
                  </tbody>
                </table>
              </div>
            </Card>
          )}
          <Workers workers={workers} />
        </>
      )}
      {cancelling?.run && (
        <ConfirmDialog
          open
          title={`Cancel ${cancelling.run.name}?`}
          keep="Keep it"
          confirm="Cancel the run"
          pending={cancel.pending}
          pendingText="Cancelling…"
          error={cancel.error}
          onOpenChange={(open) => !open && setCancelling(null)}
          onConfirm={() =>
            void cancel.perform({ input: { id: cancelling.run!.id } }).then((done) => {
              if (!done) return;
              setCancelling(null);
              reload();
            })
          }
        >
          {cancelling.status === 'RUNNING'
            ? 'It stops at the next step. Metrics, logs and checkpoints so far are kept.'
            : 'It leaves the queue without having trained. It can be resumed later.'}
        </ConfirmDialog>
      )}
    </Page>
  );
}
