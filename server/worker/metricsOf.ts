import type { TrainingEvent } from '../../experiments/training/events.js';

/** One value of one metric; the step axis is the optimizer step throughout. */
export interface MetricPoint {
  name: string;
  step: number;
  value: number;
}

/** The points that a training event carries, under the names that the design gives them. */
export function metricsOf(event: TrainingEvent): MetricPoint[] {
  switch (event.type) {
    case 'step': {
      const { step } = event;
      return [
        { name: 'train/loss', step, value: event.loss },
        ...Object.entries(event.taskLosses).map(([task, value]) => ({
          name: `train/${task}/loss`,
          step,
          value,
        })),
        { name: 'train/learningRate', step, value: event.learningRate },
      ];
    }
    case 'epoch': {
      const { step } = event;
      const accuracies = Object.entries(event.train).map(([task, { accuracy }]) => ({
        name: `epoch/${task}/accuracy`,
        value: accuracy,
      }));
      return present(step, [
        { name: 'epoch/lossSum', value: event.lossSum },
        { name: 'epoch/loss', value: event.loss },
        ...accuracies,
        { name: 'epoch/seconds', value: event.seconds },
      ]);
    }
    case 'evaluation': {
      const { step, loss } = event;
      const tasks = Object.entries(event.tasks).flatMap(([task, evaluation]) => [
        { name: `validation/${task}/loss`, value: evaluation.loss },
        { name: `validation/${task}/accuracy`, value: evaluation.accuracy },
        { name: `validation/${task}/macroF1`, value: evaluation.macroF1 },
      ]);
      return present(step, [{ name: 'validation/loss', value: loss }, ...tasks]);
    }
    case 'started':
    case 'checkpoint':
    case 'log':
    case 'result':
      return [];
  }
}

/** A task without a labelled row has no accuracy: no point, which is not the same as NaN. */
function present(step: number, points: { name: string; value: number | null }[]): MetricPoint[] {
  return points.flatMap(({ name, value }) => (value === null ? [] : [{ name, step, value }]));
}
