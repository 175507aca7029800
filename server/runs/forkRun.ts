import { createHash } from 'node:crypto';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type Definition } from '../../experiments/schema/types.js';
import { lockBlob } from '../blobs/blobRecords.js';
import { datasetReference, findReferencedDataset, labelSummary } from '../datasets/readDataset.js';
import { type Checkpoint, type Run } from '../db/generated/client.js';
import { type Database, inTransaction } from '../db/database.js';
import { checkText } from '../db/text.js';
import { editDefinition, touches } from './editDefinition.js';
import { insertRun } from './insertRun.js';
import { type LaunchDependencies } from './launchExperiment.js';
import { type PlannedRun, planRuns } from './planRuns.js';
import { findRuns } from './runIds.js';
import { shareModels } from './shareModels.js';

export interface ForkRunInput {
  id: string;
  /** Of the checkpoint to begin from; the newest without it. */
  step?: number | null;
  /** New values by paths of the definition. */
  settings?: unknown;
  name?: string | null;
}

/** What a fork takes from its parent and cannot set. */
const FIXED = ['model', 'initialWeights', 'name', 'sweep'];

/**
 * Queues a new run that begins with the weights of another's checkpoint, and with other settings where they are given. It holds the
 * checkpoint's bytes, whatever becomes of the parent.
 */
export async function forkRun(
  { database, models, launchDefaults }: Omit<LaunchDependencies, 'blobs'>,
  input: ForkRunInput,
): Promise<Run> {
  const [parent] = await findRuns(database, [input.id], 'id');
  if (parent!.external)
    throw badInput('id: the run was trained elsewhere and has no checkpoints', { path: 'id' });
  if (input.name === '') throw badInput('name: expected a name for the run', { path: 'name' });
  if (input.name != null) checkText(input.name, 'name', 200);
  const checkpoint = await findCheckpoint(database, parent!, input.step ?? null);
  const changed = changeSettings(parent!, checkpoint, input);
  const record = await findReferencedDataset(database, changed.dataset);
  const [planned] = await planRuns({
    definition: { ...changed, dataset: datasetReference(record) },
    sweep: null,
    freezeConfigs: [],
    labels: labelSummary(record),
    configOf: (model) => models.config(model),
  });
  checkTasks(parent!.definition as unknown as Definition, planned!.definition, checkpoint);
  const refrozen = touches(input.settings, 'freeze');
  const run: PlannedRun = {
    ...planned!,
    definitionDigest: digestOf(planned!, checkpoint),
    freezeConfigId: refrozen ? null : parent!.freezeConfigId,
  };
  await shareModels(models, [run]);
  const id = await inTransaction(database.pool, async (client) => {
    await lockBlob(client, checkpoint.sha256);
    const still = await client.query('SELECT 1 FROM checkpoint WHERE id = $1', [checkpoint.id]);
    if (still.rowCount === 0) {
      const message = `step: the checkpoint of step ${checkpoint.step} was replaced meanwhile; try again`;
      throw new FrostlineError('CONFLICT', message, { path: 'step' });
    }
    const place = {
      experimentId: parent!.experimentId,
      datasetId: record.id,
      priority: parent!.priority,
      ...launchDefaults,
    };
    const id = await insertRun(client, run, place);
    await client.query(
      'INSERT INTO run_fork (run_id, parent_id, step, kind, sha256) VALUES ($1, $2, $3, $4, $5)',
      [id, parent!.id, checkpoint.step, checkpoint.kind, checkpoint.sha256],
    );
    return id;
  });
  return database.prisma.run.findUniqueOrThrow({ where: { id } });
}

/** Of a step that has both, the training state: it has Adam's moments as well. */
async function findCheckpoint({ prisma }: Database, { id }: Run, step: number | null): Promise<Checkpoint> {
  const all = await prisma.checkpoint.findMany({
    where: { runId: id },
    orderBy: [{ step: 'desc' }, { kind: 'asc' }, { attempt: 'desc' }],
  });
  if (all.length === 0) {
    throw new FrostlineError('CONFLICT', 'id: the run has no checkpoint yet', { path: 'id' });
  }
  const found = step === null ? all[0] : all.find((checkpoint) => checkpoint.step === step);
  if (found !== undefined) return found;
  const steps = [...new Set(all.map((checkpoint) => checkpoint.step))].reverse();
  throw badInput(`step: expected a step with a checkpoint (${steps.join(', ')}), got ${step}`, {
    path: 'step',
  });
}

function changeSettings(parent: Run, { kind, step, sha256 }: Checkpoint, input: ForkRunInput): Definition {
  const json = {
    ...(parent.definition as object),
    name: input.name ?? `${parent.name} (from step ${step})`.slice(0, 200),
    // Training states hold everything that was ever replaced; finished weights are initial weights like any others.
    initialWeights: kind === 'final' ? `sha256:${sha256}` : null,
  };
  return editDefinition(json, input.settings, { fields: FIXED, in: 'a fork' }).parsed.definition;
}

/** Heads that go on must be the heads that were trained; only training states may have some that nobody wants any more. */
function checkTasks(parent: Definition, { tasks }: Definition, { kind }: Checkpoint): void {
  const path = 'settings.tasks';
  for (const before of parent.tasks) {
    const now = tasks.find(({ name }) => name === before.name);
    if (now === undefined) {
      if (kind !== 'final') continue;
      throw badInput(`${path}: expected the task ${before.name}, whose head is among the finished weights`, {
        path,
      });
    }
    if (now.hidden === before.hidden && now.classes?.join('\0') === before.classes?.join('\0')) continue;
    throw badInput(
      `${path}: expected the classes (${before.classes?.join(', ')}) and hidden width (${before.hidden}) of ${before.name} that the run has`,
      { path },
    );
  }
}

/** Runs with equal digests compute the same: so it takes in where a fork begins. Finished weights are in the definition. */
function digestOf({ definitionDigest }: PlannedRun, { kind, sha256 }: Checkpoint): string {
  if (kind === 'final') return definitionDigest;
  return createHash('sha256').update(`${definitionDigest} forked from ${sha256}`).digest('hex');
}
