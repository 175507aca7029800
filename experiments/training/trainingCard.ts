import { planFreeze } from '../freeze/plan.js';
import { modelLayout } from '../models/layout.js';
import type { ModelCard } from '../models/formats/exportable.js';
import { definitionDigest } from '../schema/digest.js';
import type { EpochEvent, TaskEvaluation, TaskMetrics } from './events.js';
import type { TrainRequest } from './train.js';
import type { TrainedModel } from './trainedModel.js';

/**
 * What the model card of a run tells.
 * @param lastEpoch how its last epoch went, where that was seen
 */
export function trainingCard(
  { definition, dataset, model }: Pick<TrainRequest, 'definition' | 'dataset' | 'model'>,
  { tasks, result }: Pick<TrainedModel, 'tasks' | 'result'>,
  { lastEpoch, version }: { lastEpoch: EpochEvent | undefined; version: string },
): ModelCard {
  const { summary } = planFreeze(definition.freeze, modelLayout(model.config, tasks));
  const rows: Record<string, number> = {};
  for (const { split } of dataset.rows) rows[split] = (rows[split] ?? 0) + 1;
  return {
    name: definition.name,
    freeze: {
      label: summary.label,
      rules: definition.freeze,
      trainableParameters: result.trainableParameters,
      totalParameters: result.totalParameters,
    },
    dataset: { name: definition.dataset, digest: dataset.digest, rows },
    training: definition.training,
    metrics: lastEpoch === undefined ? [] : epochMetrics(lastEpoch),
    digests: inputDigests(definitionDigest(definition), dataset.digest, model),
    version,
  };
}

/** Digests of what a run went in with, as the model card calls them. */
export function inputDigests(
  definition: string,
  dataset: string,
  model: { weightsSha256: string; tokenizerSha256: string },
): Record<string, string> {
  return {
    definition,
    dataset,
    'weights it began with': model.weightsSha256,
    tokenizer: model.tokenizerSha256,
  };
}

function epochMetrics({ loss, train, validation }: EpochEvent): ModelCard['metrics'] {
  const ofTasks = (
    split: string,
    tasks: Record<string, TaskMetrics | TaskEvaluation>,
  ): ModelCard['metrics'] =>
    Object.entries(tasks).flatMap(([task, figures]) =>
      (['accuracy', 'macroF1', 'loss'] as const).flatMap((name) => {
        const value = name in figures ? (figures as TaskEvaluation)[name] : null;
        return value === null ? [] : [{ name: `${split}/${task}/${name}`, value }];
      }),
    );
  return [
    ...ofTasks('validation', validation ?? {}),
    ...ofTasks('epoch', train),
    { name: 'epoch/loss', value: loss },
  ];
}
