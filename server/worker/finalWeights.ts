import { planFreezeStages } from '../../experiments/freeze/plan.js';
import { modelLayout } from '../../experiments/models/layout.js';
import { writeSafetensors } from '../../experiments/models/safetensors.js';
import { type Definition } from '../../experiments/schema/types.js';
import { type TrainedModel } from '../../experiments/training/trainedModel.js';

/**
 * The finished weights as one safetensors file: what was trained and every head. Frozen backbone tensors are the backbone's
 * own, which the provenance names by digest, so that a head-only run keeps kilobytes and not the whole model. A run that did not
 * begin with the backbone's own weights keeps everything.
 */
export function finalWeights(trained: TrainedModel, definition: Definition): Uint8Array {
  const layout = modelLayout(trained.model.config, trained.tasks);
  const stages = planFreezeStages(definition.freeze, layout);
  const isTrained = (name: string): boolean => stages.some(({ plan }) => plan.trainable.has(name));
  const replaced = definition.initialWeights !== null || trained.parent !== null;
  const kept = layout.filter(({ name, group }) => replaced || group === 'head' || isTrained(name));
  return writeSafetensors(new Map(kept.map(({ name }) => [name, trained.tensors.get(name)!])), {
    frostline: 'final',
    weightsSha256: trained.weightsSha256,
    backboneSha256: trained.model.weightsSha256,
  });
}
