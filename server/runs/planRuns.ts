import {
  checkLabels,
  type LabelSummary,
  type SettledTask,
  settleTasks,
} from '../../experiments/data/labelSummary.js';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type FreezePlan, type FreezeSummary, planFreezeStages } from '../../experiments/freeze/plan.js';
import { type BackboneConfig } from '../../experiments/models/config.js';
import { modelLayout } from '../../experiments/models/layout.js';
import { definitionDigest } from '../../experiments/schema/digest.js';
import { expandSweep, sweepSize } from '../../experiments/schema/sweep.js';
import { largestSweep } from '../../experiments/schema/sweepFields.js';
import { type Definition, type FreezeRules, type Sweep } from '../../experiments/schema/types.js';

/** A run as it will be: everything that is known before it trains. */
export interface PlannedRun {
  name: string;
  freezeConfigId: string | null;
  definition: Definition;
  definitionDigest: string;
  freeze: FreezeSummary;
  trainableParameters: number;
  totalParameters: number;
}

export interface NamedRules {
  id: string;
  name: string;
  version: number;
  rules: FreezeRules;
}

interface PlanInput {
  definition: Definition;
  sweep: Sweep | null;
  /** One run for each, instead of the definition's own rules. */
  freezeConfigs: NamedRules[];
  /** What the dataset's labels are. */
  labels: LabelSummary;
  /** The shape of a backbone by the name a definition gives it. */
  configOf(model: string): Promise<BackboneConfig>;
}

const MAX_SEED = 2 ** 31 - 1;

/**
 * What an experiment comes to: freeze configurations times the sweep's runs, those that would compute the same only once. Each is checked
 * against data and model as the worker will check it, so that nothing that can be known to fail is ever queued.
 */
export async function planRuns(input: PlanInput): Promise<PlannedRun[]> {
  const { definition, sweep, freezeConfigs } = input;
  checkEvaluated(input);
  const plan = planner(input);
  if (freezeConfigs.length === 0) return distinct(await plan(expandSweep(definition, sweep), null));
  if (sweep && Object.keys(sweep.settings).some((path) => path === 'freeze' || path.startsWith('freeze.'))) {
    throw badInput('sweep.freeze: expected no freeze rules in the sweep beside freezeConfigs', {
      path: 'sweep.freeze',
    });
  }
  const size = freezeConfigs.length * (sweep === null ? 1 : sweepSize(sweep));
  if (size > largestSweep) {
    const message = `freezeConfigs: expected at most ${largestSweep} runs with those of the sweep, got ${size}`;
    throw badInput(message, { path: 'freezeConfigs' });
  }
  const planned: PlannedRun[] = [];
  for (const [index, config] of freezeConfigs.entries()) {
    const name = labelOf(config, freezeConfigs);
    try {
      const definitions = expandSweep({ ...definition, name, freeze: config.rules }, sweep);
      planned.push(...(await plan(definitions, config.id)));
    } catch (error) {
      if (!(error instanceof FrostlineError) || !error.path?.startsWith('freeze')) throw error;
      const path = `freezeConfigs.${index}`;
      throw badInput(`${path} ${JSON.stringify(name)}: ${error.message}`, { path, cause: error });
    }
  }
  return distinct(planned);
}

/** The version is part of it where that is what sets configurations apart. */
function labelOf({ name, version }: NamedRules, all: readonly NamedRules[]): string {
  return all.filter((other) => other.name === name).length > 1 ? `${name}@${version}` : name;
}

/** Runs with equal digests compute the same: of those the first. */
function distinct(planned: readonly PlannedRun[]): PlannedRun[] {
  const byDigest = new Map(planned.toReversed().map((run) => [run.definitionDigest, run]));
  return planned.filter((run) => byDigest.get(run.definitionDigest) === run);
}

/** Rungs that look at a validation metric need rows to validate with. */
function checkEvaluated({ sweep, labels }: PlanInput): void {
  const metric = sweep?.pruning?.metric;
  if (!metric?.startsWith('validation/') || labels.validationRows > 0) return;
  const path = 'sweep.pruning.metric';
  const message = `${path}: expected a metric of training, such as epoch/loss, as the dataset has no rows of the split validation, got ${metric}`;
  throw badInput(message, { path });
}

/** Plans definitions; what many of them have in common is worked out once. */
function planner({ labels, configOf }: PlanInput) {
  const settledTasks = new Map<string, SettledTask[]>();
  const plans = new Map<string, FreezePlan>();
  const settle = (tasks: Definition['tasks']): SettledTask[] =>
    remembered(settledTasks, tasks, () => {
      const settled = settleTasks(labels, tasks);
      checkLabels(labels, settled);
      return settled;
    });
  const planFreeze = async ({ model, tasks, freeze }: Definition): Promise<FreezePlan> => {
    const config = await configOf(model);
    return remembered(plans, [model, tasks, freeze], () => {
      // Every stage is checked; the run is described by the one that it begins with.
      const [first] = planFreezeStages(freeze, modelLayout(config, settle(tasks)));
      return first!.plan;
    });
  };
  return async (definitions: Definition[], freezeConfigId: string | null): Promise<PlannedRun[]> => {
    const planned: PlannedRun[] = [];
    for (const definition of definitions) {
      if (definition.training.seed > MAX_SEED) {
        const path = 'training.seed';
        throw badInput(`${path}: expected at most ${MAX_SEED}, got ${definition.training.seed}`, { path });
      }
      const tasks = settle(definition.tasks);
      const { summary, trainableParameters, totalParameters } = await planFreeze(definition);
      const settled: Definition = { ...definition, tasks };
      planned.push({
        name: settled.name,
        freezeConfigId,
        definition: settled,
        definitionDigest: definitionDigest(settled),
        freeze: summary,
        trainableParameters,
        totalParameters,
      });
    }
    return planned;
  };
}

function remembered<Value>(known: Map<string, Value>, of: unknown, make: () => Value): Value {
  const key = JSON.stringify(of);
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
