import { estimateMemory } from '../../experiments/advice/memoryEstimate.js';
import { type BatchShape, trainingWork, type TrainingWork } from '../../experiments/advice/trainingWork.js';
import { FrostlineError } from '../../experiments/errors.js';
import { type FreezePlan, planFreezeStages } from '../../experiments/freeze/plan.js';
import { type BackboneConfig } from '../../experiments/models/config.js';
import { modelLayout, type ParameterInfo } from '../../experiments/models/layout.js';
import { type Definition } from '../../experiments/schema/types.js';
import { type Queryable } from '../db/database.js';
import { median } from './median.js';
import { type ExperimentDependencies } from './planDefinition.js';

/** What an estimate of seconds goes by. */
export type EstimateSource = 'SAME_DATA' | 'SAME_MODEL' | 'OTHER_MODELS' | 'NOTHING';

/** What a step of a run costs, by what is known before anything of it was measured. */
export interface StepEstimate {
  /** The epoch, from 1, that the freeze rules hold from. */
  fromEpoch: number;
  /** Its work over that of a step of full training. */
  relativeCost: number;
  /** null when nothing has finished that it could be told by. */
  seconds: number | null;
  memoryBytes: number;
  source: EstimateSource;
  /** How many finished runs the seconds go by. */
  runs: number;
  /** What those ran on. */
  device: string | null;
}

interface Lengths {
  /** Tokens of a sentence, about. */
  mean: number;
  most: number;
}

interface PastRun {
  definition: Definition;
  datasetId: string | null;
  steps: number;
  seconds: number;
  featureRows: number;
  validationRows: number;
  device: string;
}

/** How fast a past run computed. */
interface Pace {
  model: string;
  datasetId: string | null;
  device: string;
  operationsPerSecond: number;
}

/** Finished runs that are looked at: the newest, as machines and versions change. */
const PAST_RUNS = 50;
/** Rows of a dataset that tell how long its sentences are. */
const MEASURED_ROWS = 1_000;
/** Of English in WordPiece, about; and the two tokens around a sentence. */
const CHARACTERS_A_TOKEN = 4.5;
const AROUND = 2;

/**
 * A function that estimates a step of a settled definition, stage by stage. Seconds are those of finished runs on the device of the newest,
 * scaled by the operations of a step: of runs on the same model and data, else on the same model, else on any.
 */
export function stepEstimator(
  dependencies: Pick<ExperimentDependencies, 'models'> & { pool: Queryable },
): (definition: Definition, datasetId: string) => Promise<StepEstimate[]> {
  const { models, pool } = dependencies;
  const lengths = new Map<string, Promise<Lengths>>();
  const lengthsOf = (datasetId: string): Promise<Lengths> => {
    const known = lengths.get(datasetId) ?? readLengths(pool, datasetId);
    lengths.set(datasetId, known);
    return known;
  };
  const configOf = (model: string): Promise<BackboneConfig> => models.config(model);
  let paces: Promise<Pace[]> | null = null;
  return async (definition, datasetId) => {
    const { model, training } = definition;
    const config = await configOf(model);
    const layout = layoutOf(config, definition);
    const { mean, most } = await lengthsOf(datasetId);
    const stages = planFreezeStages(definition.freeze, layout);
    const batch = batchOf(training, mean);
    const largest = { sentences: training.batchSize, length: Math.min(most, training.maxLength) };
    const [whole] = planFreezeStages({ preset: 'full' }, layout);
    const full = trainingWork(config, layout, whole!.plan, batch).step;
    const { chosen, source } = choose(
      await (paces ??= readPaces(pool, configOf, lengthsOf)),
      model,
      datasetId,
    );
    const pace = chosen.length === 0 ? null : median(chosen.map((one) => one.operationsPerSecond));
    return stages.map(({ epoch, plan }) => {
      const { step } = trainingWork(config, layout, plan, batch);
      return {
        fromEpoch: epoch,
        relativeCost: step / full,
        seconds: pace === null ? null : step / pace,
        memoryBytes: estimateMemory(config, layout, plan, { ...training, largest }),
        source,
        runs: chosen.length,
        device: chosen[0]?.device ?? null,
      };
    });
  };
}

/** The paces that say most of a run on this model and data. */
function choose(
  paces: readonly Pace[],
  model: string,
  datasetId: string,
): { chosen: readonly Pace[]; source: EstimateSource } {
  const [newest] = paces;
  if (newest === undefined) return { chosen: [], source: 'NOTHING' };
  const here = paces.filter(({ device }) => device === newest.device);
  const ofModel = here.filter((pace) => pace.model === model);
  const ofData = ofModel.filter((pace) => pace.datasetId === datasetId);
  if (ofData.length > 0) return { chosen: ofData, source: 'SAME_DATA' };
  if (ofModel.length > 0) return { chosen: ofModel, source: 'SAME_MODEL' };
  return { chosen: here, source: 'OTHER_MODELS' };
}

async function readPaces(
  pool: Queryable,
  configOf: (model: string) => Promise<BackboneConfig>,
  lengthsOf: (datasetId: string) => Promise<Lengths>,
): Promise<Pace[]> {
  // A run that was begun more than once, or froze by stages, says little of one step.
  const { rows } = await pool.query<PastRun>(
    `SELECT definition, dataset_id AS "datasetId", step AS steps, compute_seconds AS seconds,
            coalesce(feature_rows_computed, 0) AS "featureRows",
            coalesce((SELECT (splits ->> 'validation')::int FROM dataset WHERE dataset.id = run.dataset_id), 0) AS "validationRows",
            (SELECT device FROM attempt WHERE run_id = run.id) AS device
     FROM run WHERE state = 'FINISHED' AND NOT external AND compute_seconds > 0 AND step > 0 AND dataset_id IS NOT NULL
       AND definition -> 'freeze' -> 'schedule' IS NULL
       AND (SELECT count(*) FROM attempt WHERE run_id = run.id AND device IS NOT NULL) = 1
       AND (SELECT count(*) FROM attempt WHERE run_id = run.id) = 1
     ORDER BY sequence DESC LIMIT $1`,
    [PAST_RUNS],
  );
  const paces = await Promise.all(
    rows.map(async (run): Promise<Pace[]> => {
      const { definition, datasetId, device } = run;
      try {
        const work = workOf(run, await configOf(definition.model), await lengthsOf(datasetId!));
        return [{ model: definition.model, datasetId, device, operationsPerSecond: work / run.seconds }];
      } catch (error) {
        // The model is no longer here: what is known of the others has to do.
        if (error instanceof FrostlineError) return [];
        throw error;
      }
    }),
  );
  return paces.flat();
}

/** Operations of a whole run. */
function workOf(run: PastRun, config: BackboneConfig, { mean }: Lengths): number {
  const { definition, steps, featureRows, validationRows } = run;
  const layout = layoutOf(config, definition);
  const plan: FreezePlan = planFreezeStages(definition.freeze, layout)[0]!.plan;
  const work: TrainingWork = trainingWork(config, layout, plan, batchOf(definition.training, mean));
  return (
    work.step * steps +
    work.featureRow * featureRows +
    work.evaluatedRow * validationRows * definition.training.epochs
  );
}

/** What an optimizer step is made on. */
function batchOf(
  { batchSize, gradientAccumulation, maxLength }: Definition['training'],
  length: number,
): BatchShape {
  return { sentences: batchSize * gradientAccumulation, length: Math.min(length, maxLength) };
}

/** The layout of a settled definition, whose tasks have their classes. */
function layoutOf(config: BackboneConfig, { tasks }: Definition): ParameterInfo[] {
  return modelLayout(
    config,
    tasks.map((task) => ({ ...task, classes: task.classes ?? [] })),
  );
}

async function readLengths(pool: Queryable, datasetId: string): Promise<Lengths> {
  const { rows } = await pool.query<{ mean: number | null; most: number | null }>(
    `SELECT avg(char_length(sentence))::float8 AS mean, max(char_length(sentence))::float8 AS most
     FROM (SELECT sentence FROM dataset_row WHERE dataset_id = $1 AND ordinal < $2) AS rows`,
    [datasetId, MEASURED_ROWS],
  );
  const tokens = (characters: number | null): number => AROUND + (characters ?? 0) / CHARACTERS_A_TOKEN;
  return { mean: tokens(rows[0]!.mean), most: tokens(rows[0]!.most) };
}
