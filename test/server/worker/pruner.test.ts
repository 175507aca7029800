import assert from 'node:assert/strict';
import type { TrainingEvent } from '../../../experiments/training/events.js';
import { type Pruning } from '../../../experiments/schema/types.js';
import { type RungArrival } from '../../../server/runs/decideRung.js';
import { Pruner } from '../../../server/worker/pruner.js';

const EPOCHS: Pruning = {
  metric: 'validation/loss',
  direction: 'minimize',
  unit: 'epoch',
  first: 1,
  reduction: 2,
};
const STEPS: Pruning = { ...EPOCHS, unit: 'step', first: 3 };

const started = { type: 'started', epochs: 5, totalSteps: 20, resumedFromStep: 0 } as TrainingEvent;
const evaluation = (step: number, epoch: number, loss: number): TrainingEvent => ({
  type: 'evaluation',
  epoch,
  step,
  loss,
  tasks: {},
  best: false,
  predictions: () => [],
});
const epoch = (number: number): TrainingEvent =>
  ({
    type: 'epoch',
    epoch: number,
    step: 4 * number,
    lossSum: 1,
    loss: 1,
    train: {},
    seconds: 1,
  }) as TrainingEvent;

/** Runs a pruner over events; tells what it had decided. */
async function arrivals(
  rule: Pruning,
  events: TrainingEvent[],
  { decided = [], prunes = [] }: { decided?: number[]; prunes?: number[] } = {},
): Promise<RungArrival[]> {
  const asked: RungArrival[] = [];
  const pruner = new Pruner(rule, new Set(decided), async (arrival) => {
    asked.push(arrival);
    return { ...arrival, rank: 1, results: 1, kept: 1, pruned: prunes.includes(arrival.rung) };
  });
  for (const event of [started, ...events]) await pruner.note(event);
  return asked;
}

describe('a pruner', () => {
  it('asks at the end of the epochs that are rungs, by the newest value, and not at the end of the run', async () => {
    const events = [1, 2, 3, 4, 5].flatMap((number) => [
      evaluation(4 * number - 2, number, 100),
      evaluation(4 * number, number, number / 10),
      epoch(number),
    ]);
    assert.deepEqual(await arrivals(EPOCHS, events), [
      { rung: 1, step: 4, epoch: 1, value: 0.1 },
      { rung: 2, step: 8, epoch: 2, value: 0.2 },
      { rung: 4, step: 16, epoch: 4, value: 0.4 },
    ]);
  });

  it('asks at the first value at or after a step that is a rung, for every rung that was passed', async () => {
    const events = [2, 5, 7, 13, 20].map((step) => evaluation(step, 1, step));
    assert.deepEqual(
      (await arrivals(STEPS, events)).map(({ rung, step }) => [rung, step]),
      [
        [3, 5],
        [6, 7],
        [12, 13],
      ],
    );
    assert.deepEqual(
      (await arrivals(STEPS, [evaluation(13, 1, 1)])).map(({ rung }) => rung),
      [3, 6, 12],
    );
  });

  it('asks nothing more once a rung has ended the run, and nothing that was decided before', async () => {
    const events = [evaluation(13, 1, 1)];
    assert.deepEqual(
      (await arrivals(STEPS, events, { prunes: [6] })).map(({ rung }) => rung),
      [3, 6],
    );
    assert.deepEqual(
      (await arrivals(STEPS, events, { decided: [3, 6] })).map(({ rung }) => rung),
      [12],
    );
  });

  it('waits for a metric that has not been reported yet', async () => {
    assert.deepEqual(await arrivals(EPOCHS, [epoch(1), epoch(2)]), []);
    assert.deepEqual(
      (await arrivals(EPOCHS, [epoch(1), evaluation(8, 2, 1), epoch(2)])).map(({ rung }) => rung),
      [1, 2],
    );
  });
});
