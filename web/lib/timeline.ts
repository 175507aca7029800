/** A run's waiting and its attempts as bars on one axis of time. */

import { formatInstant, formatSeconds } from '@/lib/format';
import type { RunState } from '@/lib/generated/graphql';

export interface TimelineBar {
  name: string;
  kind: 'queued' | 'running' | 'finished' | 'failed' | 'stopped' | 'lost';
  /** Milliseconds. */
  from: number;
  to: number;
  title: string;
}

interface TimedRun {
  createdAt: string;
  finishedAt: string | null;
  attempts: readonly {
    number: number;
    state: RunState;
    startedAt: string | null;
    finishedAt: string | null;
  }[];
}

const kinds: Record<RunState, TimelineBar['kind']> = {
  QUEUED: 'queued',
  STARTING: 'running',
  RUNNING: 'running',
  FINISHED: 'finished',
  FAILED: 'failed',
  CANCELLED: 'stopped',
  LOST: 'lost',
};

/** The bars, and the stretch of time they lie in: from the launch to the end, or to now. */
export function timelineOf(run: TimedRun, now: number): { bars: TimelineBar[]; start: number; end: number } {
  const start = Date.parse(run.createdAt);
  const ends = run.attempts.flatMap(({ finishedAt }) => (finishedAt ? [Date.parse(finishedAt)] : []));
  const open = run.finishedAt === null;
  const end = Math.max(start, ...ends, run.finishedAt ? Date.parse(run.finishedAt) : 0, open ? now : 0);
  const bars: TimelineBar[] = [];
  const add = (name: string, kind: TimelineBar['kind'], from: number, to: number) => {
    const title = `${name}: ${formatInstant(new Date(from).toISOString())}, ${formatSeconds((to - from) / 1000)}`;
    bars.push({ name, kind, from, to: Math.max(from, to), title });
  };
  const first = run.attempts.find(({ startedAt }) => startedAt !== null)?.startedAt;
  add('Queued', 'queued', start, first ? Date.parse(first) : end);
  for (const { number, state, startedAt, finishedAt } of run.attempts) {
    if (startedAt === null) continue;
    add(`Attempt ${number}`, kinds[state], Date.parse(startedAt), finishedAt ? Date.parse(finishedAt) : end);
  }
  return { bars, start, end };
}
