import { badInput } from '../../experiments/errors.js';
import { type Run } from '../db/generated/client.js';
import { inTransaction } from '../db/database.js';
import { labelSummary } from '../datasets/readDataset.js';
import { checkText } from '../db/text.js';
import { editDefinition, touches } from './editDefinition.js';
import { findEarlierRuns } from './findEarlierRuns.js';
import { insertRun } from './insertRun.js';
import { type LaunchDependencies } from './launchExperiment.js';
import { planRuns } from './planRuns.js';
import { checkQueueSettings, type QueueSettings } from './queueSettings.js';
import { findRuns } from './runIds.js';
import { settleDefinition } from './settleDefinition.js';
import { shareModels } from './shareModels.js';

export interface CloneRunInput extends QueueSettings {
  id: string;
  /** New values by paths of the definition. */
  settings?: unknown;
  name?: string | null;
  force?: boolean | null;
}

/**
 * Queues a run of another one's definition with settings changed, from the start and in the same experiment. Where one of that definition
 * has finished or is on its way, it is returned and not repeated, unless forced.
 */
export async function cloneRun(
  { database, models, blobs, launchDefaults }: LaunchDependencies,
  input: CloneRunInput,
): Promise<{ run: Run; created: boolean }> {
  const settings = checkQueueSettings(input, launchDefaults);
  const [original] = await findRuns(database, [input.id], 'id');
  if (original!.external)
    throw badInput('id: the run was trained elsewhere and has no definition', { path: 'id' });
  if (input.name === '') throw badInput('name: expected a name for the run', { path: 'name' });
  if (input.name != null) checkText(input.name, 'name', 200);
  const stored = { ...(original!.definition as object), name: input.name ?? original!.name };
  const { json } = editDefinition(stored, input.settings, { fields: ['name', 'sweep'], in: 'a clone' });
  const { definition, record } = await settleDefinition({ database, blobs }, json);
  const [planned] = await planRuns({
    definition,
    sweep: null,
    freezeConfigs: [],
    labels: labelSummary(record),
    configOf: (model) => models.config(model),
  });
  await shareModels(models, [planned!]);
  const { experimentId } = original!;
  const freezeConfigId = touches(input.settings, 'freeze') ? null : original!.freezeConfigId;
  const place = { ...settings, experimentId, datasetId: record.id };
  const { id, created } = await inTransaction(database.pool, async (client) => {
    const digest = planned!.definitionDigest;
    await client.query("SELECT pg_advisory_xact_lock(hashtext('clone'), hashtext($1))", [digest]);
    const earlier = input.force ? undefined : (await findEarlierRuns(client, [digest], null)).get(digest);
    if (earlier !== undefined) return { id: earlier, created: false };
    return { id: await insertRun(client, { ...planned!, freezeConfigId }, place), created: true };
  });
  return { run: await database.prisma.run.findUniqueOrThrow({ where: { id } }), created };
}
