import { badInput } from '../../experiments/errors.js';
import { type Run } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type ComparedRun, readComparedRuns } from './comparedRun.js';
import { explain, type Explanation } from './explain.js';
import { type InputDifference, inputDifferences } from './inputs.js';
import { type MetricComparison, metricComparisons } from './metricComparisons.js';
import { type SeedGroup, seedGroups } from './seedGroups.js';
import { type SettingDifference, settingDifferences } from './settingDifferences.js';
import { type Verdict, verdictOf } from './verdict.js';

export interface RunComparison {
  baseline: Run;
  settings: SettingDifference[];
  inputs: InputDifference[];
  metrics: MetricComparison[];
  groups: SeedGroup[];
  explanations: Explanation[];
  verdict: Verdict;
}

/** Puts runs side by side and says what explains their differences; everything is in the order of `runs`. */
export async function compareRuns(
  database: Database,
  runs: readonly Run[],
  { baseline: baselineId, metric = null }: { baseline?: string | null; metric?: string | null } = {},
): Promise<RunComparison> {
  const compared = await readComparedRuns(database, runs);
  const baseline = findBaseline(compared, baselineId ?? runs[0]!.id);
  const groups = seedGroups(compared, baseline);
  return {
    baseline: baseline.run,
    settings: settingDifferences(runs.map(({ definition }) => definition)),
    inputs: inputDifferences(compared.map(({ inputs }) => inputs)),
    metrics: metricComparisons(compared, baseline),
    groups,
    explanations: compared.filter((run) => run !== baseline).map((run) => explain(baseline, run)),
    verdict: verdictOf(groups, metric),
  };
}

function findBaseline(runs: readonly ComparedRun[], id: string): ComparedRun {
  const found = runs.find(({ run }) => run.id === id.toLowerCase());
  if (found !== undefined) return found;
  throw badInput(`baseline: expected one of the compared runs, got ${JSON.stringify(id)}`, {
    path: 'baseline',
  });
}
