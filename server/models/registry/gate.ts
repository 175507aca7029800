import { badInput, FrostlineError } from '../../../experiments/errors.js';
import { type RegisteredModel, type Split } from '../../db/generated/client.js';
import { type Database } from '../../db/database.js';
import { notify } from '../../db/notifications.js';
import { datasetReference, findReferencedDataset } from '../../datasets/readDataset.js';
import { evaluateVersion, type EvaluationDependencies, type VersionToEvaluate } from './evaluateVersion.js';
import { findModel } from './findModel.js';

export const gateMetrics = ['accuracy', 'macroF1', 'loss'] as const;

export type GateMetric = (typeof gateMetrics)[number];

export interface GateInput {
  dataset: string;
  split: Split;
  metric: string;
  tolerance?: number | null;
}

/** Errors that a version has itself to blame for. */
const ofVersion: ReadonlySet<string> = new Set(['BAD_USER_INPUT', 'CONFLICT', 'NOT_FOUND', 'CORRUPT']);

/** How two versions did by a gate, as it is kept with the move. */
export interface GateComparison {
  metric: string;
  dataset: string;
  split: Split;
  tolerance: number;
  /** Of the version that the alias is to point to, and of the one it points to; null where it could not be computed, or is no number. */
  candidate: number | null;
  current: number | null;
  passed: boolean;
  /** Why there is no figure. */
  problem: string | null;
}

/** Sets what an alias of the model may only move by, or takes it away. */
export async function setModelGate(
  database: Database,
  input: { model: string; gate: GateInput | null },
): Promise<RegisteredModel> {
  const { pool } = database;
  const model = await findModel(database, input.model);
  if (input.gate === null) {
    const none = { gateMetric: null, gateDatasetId: null, gateSplit: null, gateTolerance: null };
    return writeGate(database, model, none);
  }
  const { metric, split, tolerance: given } = input.gate;
  const { task } = parseGateMetric(metric);
  const dataset = await findReferencedDataset(database, input.gate.dataset).catch((error: unknown) => {
    if (!(error instanceof FrostlineError)) throw error;
    throw new FrostlineError(error.code, `gate.${error.message}`, { path: 'gate.dataset', cause: error });
  });
  const { rowCount } = await pool.query(
    'SELECT 1 FROM dataset_row WHERE dataset_id = $1 AND split = $2::split AND labels ? $3 LIMIT 1',
    [dataset.id, split, task],
  );
  if (rowCount === 0) {
    throw badInput(
      `gate.split: expected rows labelled for ${task} in the split ${split} of ${datasetReference(dataset)}, there are none`,
      { path: 'gate.split' },
    );
  }
  const tolerance = given ?? 0;
  if (!(tolerance >= 0 && tolerance < Infinity)) {
    throw badInput(`gate.tolerance: expected a number of at least 0, got ${tolerance}`, {
      path: 'gate.tolerance',
    });
  }
  return writeGate(database, model, {
    gateMetric: metric,
    gateDatasetId: dataset.id,
    gateSplit: split,
    gateTolerance: tolerance,
  });
}

async function writeGate(
  { prisma, pool }: Database,
  { id }: RegisteredModel,
  gate: Pick<RegisteredModel, 'gateMetric' | 'gateDatasetId' | 'gateSplit' | 'gateTolerance'>,
): Promise<RegisteredModel> {
  const model = await prisma.registeredModel.update({ where: { id }, data: gate });
  await notify(pool, { type: 'model', name: model.name });
  return model;
}

/** `topic/accuracy` as its parts. */
export function parseGateMetric(metric: string): { task: string; figure: GateMetric } {
  const at = metric.lastIndexOf('/');
  const figure = gateMetrics.find((name) => name === metric.slice(at + 1));
  if (at > 0 && figure !== undefined) return { task: metric.slice(0, at), figure };
  throw badInput(
    `gate.metric: expected a task and one of ${gateMetrics.join(', ')}, such as topic/accuracy, got ${JSON.stringify(metric.slice(0, 200))}`,
    { path: 'gate.metric' },
  );
}

/** Compares two versions by the model's gate; null when it has none. Versions that cannot be compared do not pass. */
export async function compareByGate(
  dependencies: EvaluationDependencies,
  model: RegisteredModel,
  candidate: VersionToEvaluate,
  current: VersionToEvaluate,
): Promise<GateComparison | null> {
  const { gateMetric: metric, gateDatasetId, gateSplit: split, gateTolerance } = model;
  if (metric === null || gateDatasetId === null || split === null) return null;
  const dataset = await dependencies.database.prisma.dataset.findUniqueOrThrow({
    where: { id: gateDatasetId },
  });
  const { task, figure } = parseGateMetric(metric);
  const tolerance = gateTolerance ?? 0;
  const common = { metric, dataset: datasetReference(dataset), split, tolerance };
  const figures: (number | null)[] = [];
  for (const version of [candidate, current]) {
    try {
      figures.push((await evaluateVersion(dependencies, version, { dataset, split, task }))[figure]);
    } catch (error) {
      // A server that is busy says nothing about the version.
      if (!(error instanceof FrostlineError) || !ofVersion.has(error.code)) throw error;
      const problem = `version ${version.version} cannot be evaluated: ${error.message}`;
      const [first = null] = figures;
      return { ...common, candidate: first, current: null, passed: false, problem };
    }
  }
  const [its, was] = figures as [number, number];
  // What is no number is worse than any number.
  const passed = figure === 'loss' ? its <= was + tolerance : its >= was - tolerance;
  return {
    ...common,
    candidate: finite(its),
    current: finite(was),
    passed: passed || (Number.isNaN(was) && !Number.isNaN(its)),
    problem: null,
  };
}

/** Why a move was refused, and what to do about it. */
export function describeRefusal(
  { name }: RegisteredModel,
  alias: string,
  comparison: GateComparison,
): string {
  const { metric, dataset, split, tolerance, candidate, current, problem } = comparison;
  const way = 'force the move with a reason to do it all the same';
  if (problem !== null) return `version: ${name}@${alias} stays where it is: ${problem}; ${way}`;
  const allowed = tolerance === 0 ? '' : ` (${tolerance} worse is allowed)`;
  return (
    `version: ${name}@${alias} stays where it is: ${metric} is ${show(candidate)} on the split ${split} of ${dataset}, ` +
    `and ${show(current)} where it points now${allowed}; ${way}`
  );
}

function show(value: number | null): string {
  return value === null ? 'not a number' : String(Number(value.toPrecision(6)));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
