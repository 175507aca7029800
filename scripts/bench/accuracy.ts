import { ourTraining, peerTraining, type TrainingWork } from './contenders.js';
import { measureProcess } from './measureProcess.js';
import { lastAccuracies } from './printed.js';
import type { Side } from './rows.js';
import { mean } from './statistics.js';
import { removeCaches, type Workplace } from './workplace.js';

/** Validation accuracies of one setting, a run for each seed. */
export interface AccuracyResult {
  title: string;
  measuredAt: string;
  seeds: number[];
  sides: Partial<Record<Side, Record<string, number[]>>>;
}

const seeds = [1, 2, 3];
const settings: (Pick<TrainingWork, 'freeze' | 'epochs' | 'learningRate'> & { title: string })[] = [
  { title: 'full, learning rate 5e-5, 2 epochs', freeze: 'full', epochs: 2, learningRate: 5e-5 },
  { title: 'head-only, learning rate 1e-3, 2 epochs', freeze: 'head-only', epochs: 2, learningRate: 1e-3 },
];

/** Trains with three seeds on each side and compares what was learnt; the seeds draw different numbers on either side. */
export async function compareAccuracies(
  place: Workplace,
  tell: (line: string) => void,
): Promise<AccuracyResult[]> {
  const results: AccuracyResult[] = [];
  for (const { title, ...work } of settings) {
    const result: AccuracyResult = { title, measuredAt: new Date().toISOString(), seeds, sides: {} };
    for (const seed of seeds) {
      const run = { ...work, name: 'accuracy', seed };
      const sides: [Side, () => ReturnType<typeof ourTraining>][] = [['ours', () => ourTraining(place, run)]];
      if (place.python !== null) sides.push(['torch', () => peerTraining(place, run)]);
      for (const [side, command] of sides) {
        const accuracies = lastAccuracies(await measureProcess(command()));
        removeCaches();
        const known = (result.sides[side] ??= {});
        for (const [task, accuracy] of Object.entries(accuracies)) (known[task] ??= []).push(accuracy);
        tell(`${title}, seed ${seed}, ${side}: ${JSON.stringify(accuracies)}`);
      }
    }
    for (const [side, tasks] of Object.entries(result.sides)) {
      const means = Object.entries(tasks).map(([task, values]) => `${task} ${mean(values).toFixed(3)}`);
      tell(`${title} = ${side}: ${means.join(', ')}`);
    }
    results.push(result);
  }
  return results;
}
