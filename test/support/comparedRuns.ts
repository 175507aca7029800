import { type Database } from '../../server/db/database.js';
import { type Run } from '../../server/db/generated/client.js';
import { appendMetrics } from '../../server/metrics/appendMetrics.js';
import { pointsOf } from '../../server/metrics/columns.js';
import { insertRun } from './factories.js';

/** What four freeze configurations come to on a model of six blocks: label, trainable share, seconds, accuracy. */
const regimes = {
  full: {
    preset: 'full',
    frozenBlocks: 0,
    embeddingsFrozen: false,
    trainableShare: 1,
    seconds: 310,
    quality: 0.93,
  },
  'lower layers frozen': {
    preset: null,
    frozenBlocks: 4,
    embeddingsFrozen: true,
    trainableShare: 0.16,
    seconds: 120,
    quality: 0.925,
  },
  'head-only': {
    preset: 'head-only',
    frozenBlocks: 6,
    embeddingsFrozen: true,
    trainableShare: 0.0087,
    seconds: 21,
    quality: 0.88,
  },
  frozen: {
    preset: 'frozen',
    frozenBlocks: 6,
    embeddingsFrozen: true,
    trainableShare: 0,
    seconds: 4,
    quality: 0.35,
  },
} as const;

export type RegimeName = keyof typeof regimes;

export interface ComparedRunOptions {
  regime: RegimeName;
  seed: number;
  name?: string;
  steps?: number;
  epochs?: number;
  learningRate?: number;
  /** Curves of its own, beside or in place of the usual ones; null leaves one out. */
  curves?: Record<string, { steps: number[]; values: number[] } | null>;
  overrides?: Partial<Run>;
}

/** Numbers between 0 and 1 that look random and are the same every time. */
function* noise(seed: number): Generator<number> {
  let state = seed * 2654435761 + 1;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** The curves a training of two tasks logs. */
function usualCurves(options: Required<Pick<ComparedRunOptions, 'regime' | 'seed' | 'steps' | 'epochs'>>) {
  const { regime, seed, steps, epochs } = options;
  const random = noise(seed * 7 + Object.keys(regimes).indexOf(regime));
  const next = (): number => random.next().value as number;
  const { quality } = regimes[regime];
  const all = Array.from({ length: steps }, (_, index) => index + 1);
  const ends = Array.from({ length: epochs }, (_, index) => Math.round(((index + 1) * steps) / epochs));
  const level = (step: number): number => 1 - (quality - 0.05) * (1 - Math.exp((-4 * step) / steps));
  const rising = (top: number): number[] =>
    ends.map((_, index) => top * (1 - 0.4 * Math.exp(-1.2 * (index + 1))) + 0.01 * (next() - 0.5));
  return {
    'train/loss': { steps: all, values: all.map((step) => 1.4 * level(step) * (0.85 + 0.3 * next())) },
    'epoch/loss': { steps: ends, values: ends.map((step) => 1.4 * level(step)) },
    'epoch/topic/accuracy': { steps: ends, values: rising(Math.min(0.995, quality + 0.03)) },
    'epoch/sentiment/accuracy': { steps: ends, values: rising(quality) },
    'validation/loss': { steps: ends, values: ends.map((step) => 1.5 * level(step) + 0.02 * next()) },
    'validation/topic/accuracy': { steps: ends, values: rising(quality) },
    'validation/sentiment/accuracy': { steps: ends, values: rising(quality - 0.03) },
    'validation/topic/macroF1': { steps: ends, values: rising(quality - 0.02) },
  };
}

/** A finished run of a freeze configuration, with the curves and costs such a run has, that nobody trained. */
export async function insertComparedRun(database: Database, options: ComparedRunOptions): Promise<string> {
  const { regime, seed, steps = 200, epochs = 4, learningRate = 2e-5, name = regime } = options;
  const { seconds, trainableShare, quality: _quality, ...freeze } = regimes[regime];
  const startedAt = new Date(Date.UTC(2026, 0, 5, 9, 0, seed));
  const run = await insertRun(database, {
    name,
    seed,
    state: 'FINISHED',
    epochs,
    epoch: epochs,
    step: steps,
    totalSteps: steps,
    trainableParameters: Math.round(22_713_216 * trainableShare),
    totalParameters: 22_713_216,
    computeSeconds: seconds * (1 + seed / 50),
    startedAt,
    finishedAt: new Date(startedAt.getTime() + seconds * 1000),
    definition: {
      model: 'sentence-transformers/all-MiniLM-L6-v2',
      dataset: 'news@1',
      freeze: freeze.preset ? { preset: freeze.preset } : { embeddings: true, blocks: freeze.frozenBlocks },
      training: { epochs, seed, learningRate },
    },
    ...options.overrides,
  });
  const summary = { ...freeze, label: regime, totalBlocks: 6, frozenHeads: [], trainableShare };
  await database.prisma.run.update({ where: { id: run.id }, data: { freeze: summary } });
  await database.prisma.attempt.create({ data: { runId: run.id, number: 1, state: run.state, startedAt } });
  const curves = { ...usualCurves({ regime, seed, steps, epochs }), ...options.curves };
  const pace = (seconds * 1000) / steps;
  await appendMetrics(
    database.pool,
    { runId: run.id, attempt: 1 },
    Object.entries(curves).flatMap(([metric, curve]) => {
      if (curve === null) return [];
      const times = curve.steps.map((step) => Math.round(startedAt.getTime() + pace * step));
      return [{ name: metric, points: pointsOf(curve.steps, curve.values, times) }];
    }),
  );
  return run.id;
}
