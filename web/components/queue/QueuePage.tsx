'use client';

import Link from 'next/link';
import { useEffect, useState } from 'react';
import { isThere, Workers } from '@/components/overview/Workers';
import { AsButton, Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { ConfirmDialog } from '@/components/ui/ConfirmDialog';
import { Page } from '@/components/ui/Page';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { Figure, Figures } from '@/components/ui/Values';
import { QUEUE_PAGE, useQueue, useQueueActions, type QueueEntry } from '@/lib/api/use-queue';
import { formatCount, formatSeconds } from '@/lib/format';
import { useNow } from '@/lib/now';
import { QueueRow, type QueueAct } from './QueueRow';

const HIGHEST = 100;

const headings = ['Place', 'What', 'State', 'Begins', 'Takes', 'Worker', 'Priority'] as const;

/** Seconds until an instant; null while that cannot be told. */
function useSecondsTo(instant: string | null | undefined): number | null {
  const now = useNow();
  return !instant || now === 0 ? null : Math.max(0, (Date.parse(instant) - now) / 1000);
}

/** What workers are at, what waits and when its turn comes, live; with what can be done about it. */
export function QueuePage() {
  // Cursors that led here, a page each; the first page has none.
  const [trail, setTrail] = useState<readonly string[]>([]);
  const { queue, entries, workers, fetching, loading, error, reload } = useQueue(trail.at(-1) ?? null);
  const { prioritize, pause, resume, cancel } = useQueueActions();
  const [cancelling, setCancelling] = useState<QueueEntry | null>(null);
  const remaining = useSecondsTo(queue?.estimatedEndAt);
  const total = queue?.totalCount ?? 0;
  const before = trail.length * QUEUE_PAGE;
  const next = queue?.pageInfo.hasNextPage ? queue.pageInfo.endCursor : null;
  const isBeyond = trail.length > 0 && entries.length === 0 && !fetching;
  // All that was on this page has left the queue.
  useEffect(() => {
    if (isBeyond) setTrail((cursors) => cursors.slice(0, -1));
  }, [isBeyond]);
  const refused = prioritize.error ?? pause.error ?? resume.error;

  const setPriority = async (entry: QueueEntry, priority: number) => {
    await prioritize.perform({ input: { ids: [entry.run!.id], priority } });
    reload();
  };
  const act = async (entry: QueueEntry, what: QueueAct) => {
    const input = { id: entry.run!.id };
    if (what === 'cancel') return setCancelling(entry);
    if (what === 'first') {
      return setPriority(entry, Math.min(HIGHEST, Math.max(0, queue?.highestPriority ?? 0) + 1));
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
            <Figure name="Running" value={formatCount(queue?.counts.running)} />
            <Figure name="Waiting" value={formatCount(queue?.counts.waiting)} />
            <Figure name="Paused" value={formatCount(queue?.counts.paused)} />
            <Figure name="Workers" value={formatCount(workers.filter(isThere).length)} />
            <Figure
              name="All done in"
              value={formatSeconds(remaining)}
              note={remaining === null ? 'not known yet' : 'by past runs like these'}
            />
          </Figures>
          {refused && <ErrorState error={refused} />}
          {total === 0 ? (
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
              actions={
                (trail.length > 0 || next) && (
                  <nav aria-label="Pages of the queue" className="flex gap-2">
                    <Button small disabled={trail.length === 0} onClick={() => setTrail(trail.slice(0, -1))}>
                      Previous
                    </Button>
                    <Button
                      small
                      disabled={!next || fetching}
                      onClick={() => next && setTrail([...trail, next])}
                    >
                      Next
                    </Button>
                  </nav>
                )
              }
              note={
                total > entries.length
                  ? `${formatCount(before + 1)} to ${formatCount(before + entries.length)} of ${formatCount(total)}`
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
