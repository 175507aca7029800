import type { BoundTask } from '../data/labels.js';
import { TaskTally, type TallyState } from './evaluation/metrics.js';
import type { RunHistory } from './history.js';

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
  /** The step with the best evaluation so far, by the metric that checkpoints are chosen by. */
  best: { step: number; value: number } | null;
  history: RunHistory;
}

/** Early stopping's memory: the best value so far, the evaluations since, and whether it has ended the run. */
export interface StoppingState {
  best: number | null;
  waited: number;
  stopped: boolean;
}

/** Progress as JSON; the losses, which may be many, lie elsewhere. */
export type ProgressRecord = Omit<Progress, 'tallies' | 'history'> & {
  tallies: Record<string, TallyState>;
  history: Omit<RunHistory, 'losses'>;
};

export function startOfRun(tasks: readonly BoundTask[]): Progress {
  return {
    epoch: 1,
    window: 0,
    step: 0,
    stepLosses: [],
    tallies: emptyTallies(tasks),
    epochSeconds: 0,
    stopping: { best: null, waited: 0, stopped: false },
    best: null,
    history: { losses: [], epochs: [], environments: [] },
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

export function recordProgress({ tallies, history, ...rest }: Progress): ProgressRecord {
  const { losses: _losses, ...recorded } = history;
  const states = Object.fromEntries([...tallies].map(([name, tally]) => [name, tally.state()]));
  return { ...rest, tallies: states, history: recorded };
}

export function restoreProgress(
  { tallies, history, ...rest }: ProgressRecord,
  losses: number[],
  tasks: readonly BoundTask[],
): Progress {
  const counted = new Map(tasks.map((task) => [task.name, new TaskTally(task, tallies[task.name])]));
  return { ...rest, tallies: counted, history: { ...history, losses } };
}

function emptyTallies(tasks: readonly BoundTask[]): Map<string, TaskTally> {
  return new Map(tasks.map((task) => [task.name, new TaskTally(task)]));
}
