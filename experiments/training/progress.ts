import type { BoundTask } from '../data/labels.js';
import { TaskTally, type TallyState } from './evaluation/metrics.js';

/** Where a run stands: everything beside parameters and moments that decides what it does next. */
export interface Progress {
  /** The epoch under way, 1-based. */
  epoch: number;
  /** Optimizer-step windows of the epoch that are done. */
  window: number;
  /** Optimizer steps taken in the whole run. */
  step: number;
  /** Losses of the epoch's steps. */
  stepLosses: number[];
  /** What the epoch's predictions were worth, by task. */
  tallies: Map<string, TaskTally>;
  /** Seconds the epoch has taken, over all attempts. */
  epochSeconds: number;
  stopping: StoppingState;
}

/** Early stopping's memory: the best value so far, the evaluations since, and whether it has ended the run. */
export interface StoppingState {
  best: number | null;
  waited: number;
  stopped: boolean;
}

/** Progress as JSON. */
export type ProgressRecord = Omit<Progress, 'tallies'> & { tallies: Record<string, TallyState> };

export function startOfRun(tasks: readonly BoundTask[]): Progress {
  return {
    epoch: 1,
    window: 0,
    step: 0,
    stepLosses: [],
    tallies: emptyTallies(tasks),
    epochSeconds: 0,
    stopping: { best: null, waited: 0, stopped: false },
  };
}

/** Moves on to the first step of the next epoch. */
export function startNextEpoch(progress: Progress, tasks: readonly BoundTask[]): void {
  progress.epoch++;
  progress.window = 0;
  progress.stepLosses = [];
  progress.tallies = emptyTallies(tasks);
  progress.epochSeconds = 0;
}

export function recordProgress(progress: Progress): ProgressRecord {
  const tallies = Object.fromEntries([...progress.tallies].map(([name, tally]) => [name, tally.state()]));
  return { ...progress, tallies };
}

export function restoreProgress(record: ProgressRecord, tasks: readonly BoundTask[]): Progress {
  const tallies = new Map(tasks.map((task) => [task.name, new TaskTally(task, record.tallies[task.name])]));
  return { ...record, tallies };
}

function emptyTallies(tasks: readonly BoundTask[]): Map<string, TaskTally> {
  return new Map(tasks.map((task) => [task.name, new TaskTally(task)]));
}
