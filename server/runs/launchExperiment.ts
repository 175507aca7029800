import { FrostlineError } from '../../experiments/errors.js';
import { type Definition, type FreezeRules, type Sweep } from '../../experiments/schema/types.js';
import { type Experiment, type Run } from '../db/generated/client.js';
import { inTransaction, type Queryable } from '../db/database.js';
import { findReferencedDataset, labelSummary } from '../datasets/readDataset.js';
import { type ExperimentDependencies } from './createExperiment.js';
import { insertRun } from './insertRun.js';
import { planRuns } from './planRuns.js';

/**
 * Queues an experiment's runs, each written with its job in one transaction. A run with the same definition that has finished,
 * or is on its way, is returned and not repeated, unless forced.
 */
export async function launchExperiment(
  { database, models }: Omit<ExperimentDependencies, 'blobs'>,
  input: { experiment: string; force?: boolean | null },
): Promise<{ experiment: Experiment; runs: Run[] }> {
  const { prisma, pool } = database;
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
  const record = await findReferencedDataset(database, definition.dataset);
  const planned = await planRuns({
    definition,
    sweep: experiment.sweep as Sweep | null,
    freezeConfigs: experiment.freezeConfigs.map(({ freezeConfig: { id, name, rules } }) => ({
      id,
      name,
      rules: rules as unknown as FreezeRules,
    })),
    labels: labelSummary(record),
    configOf: (model) => models.config(model),
  });
  const ids = await inTransaction(pool, async (client) => {
    // Two launches of one experiment at once must not both miss the other's runs.
    await client.query("SELECT pg_advisory_xact_lock(hashtext('launch'), hashtext($1))", [experiment.id]);
    const ids: string[] = [];
    for (const run of planned) {
      const earlier = input.force ? null : await findEarlier(client, run.definitionDigest);
      ids.push(
        earlier ?? (await insertRun(client, run, { experimentId: experiment.id, datasetId: record.id })),
      );
    }
    return ids;
  });
  const runs = await prisma.run.findMany({ where: { id: { in: ids } } });
  const byId = new Map(runs.map((run) => [run.id, run]));
  return { experiment, runs: ids.map((id) => byId.get(id)!) };
}

async function findEarlier(client: Queryable, digest: string): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM run WHERE definition_digest = $1 AND state IN ('FINISHED', 'QUEUED', 'STARTING', 'RUNNING')
       AND cancel_requested_at IS NULL
     ORDER BY state = 'FINISHED' DESC, sequence DESC LIMIT 1`,
    [digest],
  );
  return rows[0]?.id ?? null;
}
