import { type BlobStore } from '../blobs/blobStore.js';
import { type Database } from '../db/database.js';
import { labelSummary } from '../datasets/readDataset.js';
import { type ViewerModels } from '../models/modelStore.js';
import { findFreezeConfigs } from './findFreezeConfigs.js';
import { type NamedRules, type PlannedRun, planRuns } from './planRuns.js';
import { type SettledDefinition, settleDefinition } from './settleDefinition.js';

export interface ExperimentDependencies {
  database: Database;
  models: ViewerModels;
  blobs: BlobStore;
}

/** What a definition comes to: everything that creating an experiment of it checks, and the runs that launching it would make. */
export interface DefinitionPlan extends SettledDefinition {
  freezeConfigs: NamedRules[];
  runs: PlannedRun[];
}

/** Checks a client's definition to the last detail, data and model included. */
export async function planDefinition(
  { database, models, blobs }: ExperimentDependencies,
  input: { definition: unknown; freezeConfigs?: string[] | null },
): Promise<DefinitionPlan> {
  const settled = await settleDefinition({ database, blobs }, input.definition);
  const freezeConfigs = await findFreezeConfigs(database, input.freezeConfigs ?? []);
  const runs = await planRuns({
    definition: settled.definition,
    sweep: settled.sweep,
    freezeConfigs,
    labels: labelSummary(settled.record),
    configOf: (model) => models.config(model),
  });
  return { ...settled, freezeConfigs, runs };
}
