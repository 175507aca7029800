import { checkLabels, type LabelSummary, settleTasks } from '../../experiments/data/labelSummary.js';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type FreezeSummary, planFreezeStages } from '../../experiments/freeze/plan.js';
import { type BackboneConfig } from '../../experiments/models/config.js';
import { modelLayout } from '../../experiments/models/layout.js';
import { definitionDigest } from '../../experiments/schema/digest.js';
import { expandSweep } from '../../experiments/schema/sweep.js';
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
 * What an experiment comes to: freeze configurations times the sweep's grid. Each run is checked against data and model as the
 * worker will check it, so that nothing that can be known to fail is ever queued.
 */
export async function planRuns(input: PlanInput): Promise<PlannedRun[]> {
  const { definition, sweep, freezeConfigs } = input;
  if (freezeConfigs.length === 0) return planEach(input, expandSweep(definition, sweep), null);
  if (sweep && Object.keys(sweep).some((path) => path === 'freeze' || path.startsWith('freeze.'))) {
    throw badInput('sweep.freeze: expected no freeze rules in the sweep beside freezeConfigs', {
      path: 'sweep.freeze',
    });
  }
  const planned: PlannedRun[] = [];
  for (const [index, { id, name, rules }] of freezeConfigs.entries()) {
    const definitions = expandSweep({ ...definition, name, freeze: rules }, sweep);
    try {
      planned.push(...(await planEach(input, definitions, id)));
    } catch (error) {
      if (!(error instanceof FrostlineError) || !error.path?.startsWith('freeze')) throw error;
      const path = `freezeConfigs.${index}`;
      throw badInput(`${path} ${JSON.stringify(name)}: ${error.message}`, { path, cause: error });
    }
  }
  return planned;
}

async function planEach(
  { labels, configOf }: PlanInput,
  definitions: Definition[],
  freezeConfigId: string | null,
): Promise<PlannedRun[]> {
  const planned: PlannedRun[] = [];
  for (const definition of definitions) {
    if (definition.training.seed > MAX_SEED) {
      const path = 'training.seed';
      throw badInput(`${path}: expected at most ${MAX_SEED}, got ${definition.training.seed}`, { path });
    }
    const tasks = settleTasks(labels, definition.tasks);
    checkLabels(labels, tasks);
    const layout = modelLayout(await configOf(definition.model), tasks);
    // Every stage is checked; the run is described by the one that it begins with.
    const { summary, trainableParameters, totalParameters } = planFreezeStages(definition.freeze, layout)[0]!
      .plan;
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
}
