// Holds `frostline advise` against the runs it is about: trains a definition at every freeze boundary with several seeds, asks for
// advice with each seed, and prints how well the advice ranks the boundaries. docs/advice.md has what it came to.
//   node --no-warnings --import @swc-node/register/esm-register scripts/check-advice.ts DEFINITION [seed …]
import { advise, train, type Advice, type Definition, type FreezeParts } from '../experiments/index.js';
import { prepareRuns, type PreparedRun } from '../server/cli/prepareRuns.js';
import { readConfig } from '../server/config.js';
import { mean, rankCorrelation } from './bench/statistics.js';

const [path, ...seedArguments] = process.argv.slice(2);
const seeds = seedArguments.length > 0 ? seedArguments.map(Number) : [1, 2];
const config = readConfig();
const [prepared] = await prepareRuns(path, {}, config);

/** Weighted accuracy over the tasks on the validation split. */
async function accuracyOf(run: PreparedRun, definition: Definition): Promise<number> {
  let accuracy = NaN;
  await train({
    ...run,
    definition,
    cacheFolder: config.cacheFolder,
    onEvent: (event) => {
      if (event.type !== 'evaluation') return;
      const scored = definition.tasks.filter(({ name }) => event.tasks[name].accuracy !== null);
      const total = scored.reduce((sum, { weight }) => sum + weight, 0);
      accuracy = scored.reduce(
        (sum, { name, weight }) => sum + (weight * (event.tasks[name].accuracy as number)) / total,
        0,
      );
    },
  });
  return accuracy;
}

function seeded(seed: number, freeze?: FreezeParts): Definition {
  const { definition } = prepared;
  return { ...definition, ...(freeze && { freeze }), training: { ...definition.training, seed } };
}

const advices: Advice[] = [];
for (const seed of seeds) advices.push(await advise({ ...prepared, definition: seeded(seed) }));
const { boundaries } = advices[0];
const accuracies: number[][] = [];
for (const { freeze, label } of boundaries) {
  const bySeed: number[] = [];
  for (const seed of seeds) bySeed.push(await accuracyOf(prepared, seeded(seed, freeze)));
  accuracies.push(bySeed);
  process.stdout.write(`${label}: ${bySeed.map((value) => value.toFixed(4)).join(' ')}\n`);
}
const truth = accuracies.map(mean);
const best = Math.max(...truth);
const { tasks } = prepared.definition;
for (const [index, { recommendation, ...advice }] of advices.entries()) {
  const trials = advice.boundaries.map(({ trialAccuracy }) => trialAccuracy);
  const probes = advice.boundaries
    .slice(1)
    .map(({ probe }) => mean(tasks.flatMap(({ name }) => probe[name]?.accuracy ?? [])));
  const regretOf = (boundary: number | null): string =>
    boundary === null ? 'none' : `${boundary} (regret ${(best - truth[boundary]).toFixed(4)})`;
  process.stdout.write(
    [
      `seed ${seeds[index]}: ${advice.trialSteps} of ${advice.totalSteps} steps in ${advice.seconds.toFixed(0)} s`,
      `  trial  ${trials.map((value) => value.toFixed(3)).join(' ')}  rank correlation ${rankCorrelation(trials, truth).toFixed(2)}, best ${regretOf(recommendation.best)}`,
      `  probe  ${probes.map((value) => value.toFixed(3)).join(' ')}  rank correlation ${rankCorrelation(probes, truth.slice(1)).toFixed(2)}, best ${regretOf(1 + probes.indexOf(Math.max(...probes)))}`,
      `  recommended ${regretOf(recommendation.boundary)}`,
      '',
    ].join('\n'),
  );
}
