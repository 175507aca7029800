import { randomUUID } from 'node:crypto';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type Definition, type Sweep } from '../../experiments/schema/types.js';
import { type Experiment, type Run } from '../db/generated/client.js';
import { inTransaction, type Queryable } from '../db/database.js';
import { findReferencedDataset, labelSummary } from '../datasets/readDataset.js';
import { namedRules } from './findFreezeConfigs.js';
import { findEarlierRuns } from './findEarlierRuns.js';
import { insertRun } from './insertRun.js';
import { type ExperimentDependencies } from './planDefinition.js';
import { planRuns } from './planRuns.js';
import { shareModels } from './shareModels.js';
import { checkQueueSettings, type QueueSettings } from './queueSettings.js';

export interface LaunchDependencies extends ExperimentDependencies {
  /** What launches that say nothing of it get. */
  launchDefaults: { maxAttempts: number };
}

/**
 * Queues an experiment's runs, each written with its job in one transaction. A run with the same definition that has finished,
 * or is on its way, is returned and not repeated, unless forced.
 */
export async function launchExperiment(
  { database, models, launchDefaults }: Omit<LaunchDependencies, 'blobs'>,
  input: { experiment: string; force?: boolean | null } & QueueSettings,
): Promise<{ experiment: Experiment; runs: Run[] }> {
  const { prisma, pool } = database;
  const settings = checkQueueSettings(input, launchDefaults);
  const experiment = await prisma.experiment.findUnique({
    where: { name: input.experiment },
    include: { freezeConfigs: { include: { freezeConfig: true }, orderBy: { position: 'asc' } } },
  });
  if (experiment === null) {
    throw new FrostlineError(
      'NOT_FOUND',
      `experiment: there is none called ${JSON.stringify(input.experiment)}`,
      {
        path: 'experiment',
      },
    );
  }
  const definition = experiment.definition as unknown as Definition;
  if (experiment.definitionDigest === '') {
    const message = 'experiment: its runs are trained elsewhere, and it has no definition';
    throw badInput(message, { path: 'experiment' });
  }
  const sweep = experiment.sweep as unknown as Sweep | null;
  const record = await findReferencedDataset(database, definition.dataset);
  const planned = await planRuns({
    definition,
    sweep,
    freezeConfigs: experiment.freezeConfigs.map(({ freezeConfig }) => namedRules(freezeConfig)),
    labels: labelSummary(record),
    configOf: (model) => models.config(model),
  });
  await shareModels(models, planned);
  const experimentId = experiment.id;
  const ids = await inTransaction(pool, async (client) => {
    // Two launches of one experiment at once must not both miss the other's runs.
    await client.query("SELECT pg_advisory_xact_lock(hashtext('launch'), hashtext($1))", [experimentId]);
    const isNew = input.force ?? false;
    const pruningId = sweep?.pruning ? await pruningOf(client, experimentId, { isNew }) : null;
    const place = { ...settings, experimentId, datasetId: record.id, pruningId };
    const digests = input.force ? [] : planned.map(({ definitionDigest }) => definitionDigest);
    const earlier = await findEarlierRuns(client, digests, experimentId);
    const ids: string[] = [];
    for (const run of planned) {
      ids.push(earlier.get(run.definitionDigest) ?? (await insertRun(client, run, place)));
    }
    return ids;
  });
  const runs = await prisma.run.findMany({ where: { id: { in: ids } } });
  const byId = new Map(runs.map((run) => [run.id, run]));
  return { experiment, runs: ids.map((id) => byId.get(id)!) };
}

/** The runs that an experiment's compete with: those that it has launched before, or, of a forced launch, one another. */
async function pruningOf(
  client: Queryable,
  experimentId: string,
  { isNew }: { isNew: boolean },
): Promise<string> {
  if (!isNew) {
    const { rows } = await client.query<{ id: string }>(
      'SELECT id FROM pruning WHERE experiment_id = $1 ORDER BY created_at DESC LIMIT 1',
      [experimentId],
    );
    if (rows[0] !== undefined) return rows[0].id;
  }
  const id = randomUUID();
  await client.query('INSERT INTO pruning (id, experiment_id) VALUES ($1, $2)', [id, experimentId]);
  return id;
}
