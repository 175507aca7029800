import { createHash } from 'node:crypto';
import type { Advice } from '../../experiments/advice/advise.js';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { canonicalJson, definitionDigest } from '../../experiments/schema/digest.js';
import { expandSweep } from '../../experiments/schema/sweep.js';
import { type Definition } from '../../experiments/schema/types.js';
import { labelSummary } from '../datasets/readDataset.js';
import { type WorkerTask } from '../db/generated/client.js';
import { type Database, inTransaction } from '../db/database.js';
import { type AttemptError } from './attempts.js';
import { type ExperimentDependencies } from './planDefinition.js';
import { planRuns } from './planRuns.js';
import { isRunId } from './runIds.js';
import { settleDefinition } from './settleDefinition.js';
import { addTask } from './workerTasks.js';

/** What a worker is given. */
export interface AdviceInput {
  /** With the classes of its tasks, as a run has it. */
  definition: Definition;
  definitionDigest: string;
  /** Optimizer steps of each trial; null: as many as the engine thinks right. */
  steps: number | null;
}

/** Advice on a definition as it stands; what was found is null until it is over. */
export interface DefinitionAdvice extends AdviceInput {
  id: string;
  state: WorkerTask['state'];
  progress: { done: number; total: number | null; doing: string | null };
  found: Advice | null;
  error: AttemptError | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

const MIN_STEPS = 4;
const MAX_STEPS = 10_000;

/**
 * Queues advice on a definition. Advice that is under way, or was given on the same definition with the same steps, is returned and
 * not repeated, unless forced. Of a sweep, the first definition is the one that is looked at.
 */
export async function requestAdvice(
  dependencies: ExperimentDependencies,
  input: { definition: unknown; steps?: number | null; force?: boolean | null },
): Promise<DefinitionAdvice> {
  const { database } = dependencies;
  const steps = input.steps ?? null;
  if (steps !== null && (steps < MIN_STEPS || steps > MAX_STEPS)) {
    throw badInput(`steps: expected a number from ${MIN_STEPS} to ${MAX_STEPS}, got ${steps}`, {
      path: 'steps',
    });
  }
  const definition = await planDefinition(dependencies, input.definition);
  const subject = adviceDigest(definition);
  const taskId = await inTransaction(database.pool, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtext('advise'), hashtext($1))", [subject]);
    const { rows } = await client.query<{ id: string }>(
      `SELECT id FROM worker_task WHERE subject = $1 AND kind = 'advice' AND (input ->> 'steps')::int IS NOT DISTINCT FROM $2::int
         AND (state IN ('QUEUED', 'RUNNING') OR state = 'FINISHED' AND NOT $3)
       ORDER BY sequence DESC LIMIT 1`,
      [subject, steps, input.force ?? false],
    );
    const task: AdviceInput = { definition, definitionDigest: definitionDigest(definition), steps };
    return rows[0]?.id ?? (await addTask(client, { kind: 'advice', subject, input: task }));
  });
  return toAdvice(await database.prisma.workerTask.findUniqueOrThrow({ where: { id: taskId } }));
}

/** Advice by its id; null when there is none. */
export async function findAdvice({ prisma }: Database, id: string): Promise<DefinitionAdvice | null> {
  if (!isRunId(id)) return null;
  const task = await prisma.workerTask.findUnique({ where: { id, kind: 'advice' } });
  return task && toAdvice(task);
}

/** The same, or NOT_FOUND. */
export async function requireAdvice(database: Database, id: string): Promise<DefinitionAdvice> {
  const advice = await findAdvice(database, id);
  if (advice !== null) return advice;
  throw new FrostlineError('NOT_FOUND', `id: there is no advice ${JSON.stringify(id)}`, { path: 'id' });
}

/** The newest advice on a definition, whatever it freezes; null when none was asked for. */
export async function newestAdvice(
  dependencies: ExperimentDependencies,
  json: unknown,
): Promise<DefinitionAdvice | null> {
  const subject = adviceDigest(await planDefinition(dependencies, json));
  const task = await dependencies.database.prisma.workerTask.findFirst({
    where: { subject, kind: 'advice' },
    orderBy: { sequence: 'desc' },
  });
  return task && toAdvice(task);
}

/** The definition as a run would have it, checked against data and model. */
async function planDefinition(
  { database, models, blobs }: ExperimentDependencies,
  json: unknown,
): Promise<Definition> {
  const { definition, sweep, record } = await settleDefinition({ database, blobs }, json);
  const [planned] = await planRuns({
    definition: expandSweep(definition, sweep)[0]!,
    sweep: null,
    freezeConfigs: [],
    labels: labelSummary(record),
    configOf: (model) => models.config(model),
  });
  return planned!.definition;
}

/**
 * Digest of what advice depends on. It looks at every boundary, so that of the freeze rules only the frozen heads count, and of
 * the training settings those that say what is kept of a run do not.
 */
function adviceDigest({ name: _name, freeze, training, ...rest }: Definition): string {
  const { checkpointEvery: _every, keepCheckpoints: _keep, ...settings } = training;
  const heads = 'heads' in freeze ? [...freeze.heads].sort() : [];
  return createHash('sha256')
    .update(canonicalJson({ ...rest, heads, training: settings }))
    .digest('hex');
}

function toAdvice(task: WorkerTask): DefinitionAdvice {
  const { id, state, done, total, doing, errorCode, errorMessage, createdAt, startedAt, finishedAt } = task;
  return {
    ...(task.input as unknown as AdviceInput),
    id,
    state,
    progress: { done, total, doing },
    found: task.result as unknown as Advice | null,
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
    createdAt,
    startedAt,
    finishedAt,
  };
}
