import { canonicalJson } from '../../experiments/schema/digest.js';
import { type MetricSummary } from '../metrics/summaries.js';
import { type RunCost } from '../runs/costs.js';
import { type ComparedRun } from './comparedRun.js';
import { settingDifferences } from './settingDifferences.js';
import { errorOfDifference, type Spread, spreadOf } from './spread.js';

/** A metric over the seeds of a group, and its distance from the baseline's group. */
export interface MetricSpread extends Spread {
  name: string;
  delta: number | null;
  deltaError: number | null;
}

/** Runs that differ in nothing that was chosen but the seed. */
export interface SeedGroup {
  label: string;
  runs: ComparedRun[];
  seeds: number[];
  unfinished: number;
  trainableShare: number;
  trainableParameters: number;
  seconds: Spread;
  cost: RunCost;
  metrics: MetricSpread[];
}

/** Groups runs that differ only in the seed, in the order of their first runs; deltas are against the baseline's group. */
export function seedGroups(runs: readonly ComparedRun[], baseline: ComparedRun): SeedGroup[] {
  const byKey = new Map<string, ComparedRun[]>();
  for (const run of runs) {
    const key = groupKey(run);
    byKey.set(key, [...(byKey.get(key) ?? []), run]);
  }
  const groups = [...byKey.values()];
  const labels = labelsOf(groups.map(([first]) => first!));
  const base = spreads(byKey.get(groupKey(baseline))!);
  return groups.map((members, index) => {
    const { freeze, run } = members[0]!;
    const own = spreads(members);
    return {
      label: labels[index]!,
      runs: members,
      seeds: [...new Set(members.map((member) => member.run.seed))],
      unfinished: members.filter((member) => member.run.finishedAt === null).length,
      trainableShare: freeze.trainableShare,
      trainableParameters: run.trainableParameters,
      seconds: spreadOf(members.map(({ seconds }) => seconds)),
      cost: sumOfCosts(members),
      metrics: [...own].map(([name, spread]) => withDelta(name, spread, base.get(name))),
    };
  });
}

/** What was chosen of a run, the seed apart: settings, data and what it began with. */
function groupKey({ run, inputs }: ComparedRun): string {
  const settings = withoutSeed(run.definition);
  // Data that is the same under two names is the same data.
  const chosen = ['dataset', 'weights', 'initial weights', 'parent', 'tokenizer'];
  const known = chosen.map((name) => inputs.get(name)?.value ?? null);
  const named = inputs.has('dataset') ? { ...settings, dataset: null, model: null } : settings;
  return canonicalJson([named, known]);
}

function withoutSeed(definition: unknown): Record<string, unknown> {
  const {
    name: _name,
    seed: _seed,
    training,
    ...rest
  } = definition as {
    name?: unknown;
    seed?: unknown;
    training?: unknown;
  };
  if (typeof training !== 'object' || training === null) return { ...rest, training };
  const { seed: _trainingSeed, ...settings } = training as { seed?: unknown };
  return { ...rest, training: settings };
}

/** What is frozen, in words; and where that is not enough to tell groups apart, the settings in which they differ. */
function labelsOf(firsts: readonly ComparedRun[]): string[] {
  const differences = settingDifferences(firsts.map(({ run }) => withoutSeed(run.definition))).filter(
    ({ path }) => path !== 'freeze' && !path.startsWith('freeze.'),
  );
  return firsts.map(({ freeze, run }, index) => {
    const kind = run.external ? run.name : freeze.label;
    const settings = differences.map(
      ({ path, values }) => `${path.split('.').at(-1)}=${text(values[index])}`,
    );
    return [kind, ...settings].join(', ');
  });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** A run that was repeated with the same seed and came out the same says nothing new about the spread. */
function spreads(members: readonly ComparedRun[]): Map<string, Spread> {
  const distinct = members.filter(
    ({ run }, index) =>
      run.weightsSha256 === null ||
      members.findIndex((other) => other.run.weightsSha256 === run.weightsSha256) === index,
  );
  const names = [...new Set(distinct.flatMap(({ metrics }) => [...metrics.keys()]))].sort();
  return new Map(
    names.map((name) => [name, spreadOf(distinct.map(({ metrics }) => lastOf(metrics.get(name))))]),
  );
}

/** The newest value; NaN and infinities as they are. */
function lastOf(summary: MetricSummary | undefined): number | null {
  if (summary === undefined) return null;
  return summary.last ?? (summary.lastSpecial === null ? null : Number(summary.lastSpecial));
}

function withDelta(name: string, spread: Spread, base: Spread | undefined): MetricSpread {
  if (base === undefined || base.mean === null || spread.mean === null)
    return { name, ...spread, delta: null, deltaError: null };
  return { name, ...spread, delta: spread.mean - base.mean, deltaError: errorOfDifference(spread, base) };
}

function sumOfCosts(members: readonly ComparedRun[]): RunCost {
  const sum = (read: (cost: RunCost) => number | null): number | null =>
    members.reduce<number | null>((total, { cost }) => {
      const own = read(cost);
      return own === null ? total : (total ?? 0) + own;
    }, null);
  return {
    queuedSeconds: sum(({ queuedSeconds }) => queuedSeconds),
    computeSeconds: sum(({ computeSeconds }) => computeSeconds),
    deviceSeconds: sum(({ deviceSeconds }) => deviceSeconds) ?? 0,
    wastedSeconds: sum(({ wastedSeconds }) => wastedSeconds) ?? 0,
    savedSeconds: sum(({ savedSeconds }) => savedSeconds),
    featureRowsComputed: sum(({ featureRowsComputed }) => featureRowsComputed),
    featureRowsReused: sum(({ featureRowsReused }) => featureRowsReused),
  };
}
