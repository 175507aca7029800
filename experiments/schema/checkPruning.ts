import { badInput } from '../errors.js';
import { render } from './explain.js';
import type { Definition, Pruning, Sweep, TaskDefinition } from './types.js';

/** Checks that runs can be pruned as asked: by a metric that training reports, and before they are over. */
export function checkPruning(
  { metric, unit, first }: Pruning,
  { tasks, training }: Definition,
  { sweep, source }: { sweep: Sweep; source?: string },
): void {
  const known = prunableMetrics(tasks);
  if (!known.includes(metric)) {
    const path = 'sweep.pruning.metric';
    throw badInput(`${path}: expected one of ${known.join(', ')}, got ${render(metric)}`, { path, source });
  }
  if (unit === 'epoch' && first >= training.epochs && !('training.epochs' in sweep.settings)) {
    const path = 'sweep.pruning.first';
    throw badInput(`${path}: expected less than ${training.epochs}, the number of epochs, got ${first}`, {
      path,
      source,
    });
  }
}

/** Metrics that runs of these tasks report and that can be better or worse. */
function prunableMetrics(tasks: readonly TaskDefinition[]): string[] {
  const names = tasks.map(({ name }) => name);
  return [
    'validation/loss',
    ...names.flatMap((task) => ['loss', 'accuracy', 'macroF1'].map((kind) => `validation/${task}/${kind}`)),
    'epoch/loss',
    'epoch/lossSum',
    ...names.map((task) => `epoch/${task}/accuracy`),
    'train/loss',
    ...names.map((task) => `train/${task}/loss`),
  ];
}
