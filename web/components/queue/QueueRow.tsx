'use client';

import { ArrowUpToLine, CircleStop, EllipsisVertical, Pause, Play } from 'lucide-react';
import Link from 'next/link';
import { ActionMenu, MenuItem } from '@/components/ui/ActionMenu';
import { Button } from '@/components/ui/Button';
import { Ago } from '@/components/ui/Values';
import type { QueueEntry } from '@/lib/api/use-queue';
import { formatInstant, formatPercent, formatSeconds, MISSING } from '@/lib/format';
import { useNow } from '@/lib/now';
import { PriorityField } from './PriorityField';

const works: Record<QueueEntry['kind'], string> = {
  TRAINING: 'Training',
  VERIFICATION: 'Verification',
  ADVICE: 'Advice',
  VECTORS: 'Vectors',
};

const statuses: Record<QueueEntry['status'], string> = {
  RUNNING: 'Running',
  WAITING: 'Waiting',
  DELAYED: 'Tried again soon',
  PAUSED: 'Paused',
};

/** When something is to be, from now: "in 42.1 s". */
function In({ instant }: { instant: string | null | undefined }) {
  const now = useNow();
  if (!instant || now === 0) return <span className="text-muted">{MISSING}</span>;
  const seconds = (Date.parse(instant) - now) / 1000;
  return (
    <time dateTime={instant} title={formatInstant(instant)}>
      {seconds < 1 ? 'now' : `in ${formatSeconds(seconds)}`}
    </time>
  );
}

function When({ entry }: { entry: QueueEntry }) {
  if (entry.status === 'PAUSED') return <span className="text-muted">when resumed</span>;
  if (entry.status !== 'RUNNING') return <In instant={entry.estimatedStartAt} />;
  return (
    <>
      <Ago instant={entry.startedAt} />
      {entry.estimatedEndAt && (
        <span className="block text-muted">
          ends <In instant={entry.estimatedEndAt} />
        </span>
      )}
    </>
  );
}

export type QueueAct = 'first' | 'pause' | 'resume' | 'cancel';

/** One entry of the queue: what it is, who is at it or when its turn comes, and what can be done with it. */
export function QueueRow({
  entry,
  onPriority,
  onAct,
}: {
  entry: QueueEntry;
  onPriority: (entry: QueueEntry, priority: number) => void;
  onAct: (entry: QueueEntry, act: QueueAct) => void;
}) {
  const { run, kind, status } = entry;
  const name = run?.name ?? works[kind];
  const training = kind === 'TRAINING' && run !== null && run !== undefined;
  return (
    <tr data-entry={entry.id} data-status={status}>
      <td className="num text-muted">{entry.position ?? ''}</td>
      <th scope="row" className="min-w-40 font-normal! whitespace-normal! text-text!">
        {run ? (
          <Link className="link font-medium" href={`/runs/${run.id}`} prefetch={false}>
            {run.name}
          </Link>
        ) : (
          <span className="font-medium">{works[kind]}</span>
        )}
        <span className="block text-muted">
          {run && kind !== 'TRAINING' && `${works[kind]} · `}
          {run?.experiment && <>{run.experiment.name} · </>}
          {run ? run.freeze.label : 'a task of its own'}
        </span>
      </th>
      <td>
        {statuses[status]}
        {training && status === 'RUNNING' && (
          <span className="block text-muted">{formatPercent(run.progress.fraction)}</span>
        )}
      </td>
      <td className="whitespace-nowrap">
        <When entry={entry} />
      </td>
      <td className="num">{formatSeconds(entry.estimatedSeconds)}</td>
      <td>
        {entry.worker ? (
          <>
            <span className="break-all">{entry.worker.name}</span>
            <span className="block text-muted">{entry.device ?? ''}</span>
          </>
        ) : (
          <span className="text-muted">{MISSING}</span>
        )}
      </td>
      <td>
        {training ? (
          <PriorityField
            name={name}
            value={entry.priority}
            onChange={(priority) => onPriority(entry, priority)}
          />
        ) : (
          <span className="text-muted">{entry.priority}</span>
        )}
      </td>
      <td className="num">
        {training && (
          <ActionMenu
            trigger={
              <Button small look="ghost" aria-label={`Actions for ${name}`}>
                <EllipsisVertical aria-hidden className="size-4" />
              </Button>
            }
          >
            {status === 'WAITING' && entry.position !== 1 && (
              <MenuItem icon={ArrowUpToLine} onSelect={() => onAct(entry, 'first')}>
                Move to the front
              </MenuItem>
            )}
            {status === 'PAUSED' ? (
              <MenuItem icon={Play} onSelect={() => onAct(entry, 'resume')}>
                Resume
              </MenuItem>
            ) : (
              <MenuItem icon={Pause} onSelect={() => onAct(entry, 'pause')}>
                Pause
              </MenuItem>
            )}
            <MenuItem danger icon={CircleStop} onSelect={() => onAct(entry, 'cancel')}>
              Cancel
            </MenuItem>
          </ActionMenu>
        )}
      </td>
    </tr>
  );
}
