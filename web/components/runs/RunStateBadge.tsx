import { Ban, CircleCheck, CircleDashed, CircleX, LoaderCircle, Unplug, type LucideIcon } from 'lucide-react';
import type { RunState } from '@/lib/generated/graphql';

interface Look {
  name: string;
  icon: LucideIcon;
  tone: string;
  spins?: boolean;
}

/** States in words, with the icon and colour each has everywhere. */
export const stateLooks: Record<RunState, Look> = {
  QUEUED: { name: 'Queued', icon: CircleDashed, tone: 'text-muted' },
  STARTING: { name: 'Starting', icon: LoaderCircle, tone: 'text-accent', spins: true },
  RUNNING: { name: 'Running', icon: LoaderCircle, tone: 'text-accent', spins: true },
  FINISHED: { name: 'Finished', icon: CircleCheck, tone: 'text-good' },
  FAILED: { name: 'Failed', icon: CircleX, tone: 'text-bad' },
  CANCELLED: { name: 'Cancelled', icon: Ban, tone: 'text-muted' },
  LOST: { name: 'Lost', icon: Unplug, tone: 'text-warn' },
};

/** A run's state as icon and word. */
export function RunStateBadge({ state }: { state: RunState }) {
  const { name, icon: Icon, tone, spins } = stateLooks[state];
  return (
    <span
      data-state={state}
      className={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${tone}`}
    >
      <Icon aria-hidden className={`size-3.5 ${spins ? 'animate-spin [animation-duration:2s]' : ''}`} />
      {name}
    </span>
  );
}
