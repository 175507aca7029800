import { type ModelStore } from '../models/modelStore.js';
import { type PlannedRun } from './planRuns.js';

/** Makes sure that whichever worker takes these runs can have their models; before the runs are queued. */
export async function shareModels(
  models: Pick<ModelStore, 'share'>,
  runs: readonly PlannedRun[],
): Promise<void> {
  for (const model of new Set(runs.map(({ definition }) => definition.model))) await models.share(model);
}
