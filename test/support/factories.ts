import { randomUUID } from 'node:crypto';
import { makeDataset, type Dataset, type DatasetRow } from '../../experiments/data/dataset.js';
import { type Run, type RunState } from '../../server/db/generated/client.js';
import { type Database } from '../../server/db/database.js';

/** The six sentences that the product begins with. */
export const sampleRows: DatasetRow[] = [
  ['AI is transforming industries.', 'Technology', 'Positive'],
  ['The universe is expanding rapidly.', 'Science', 'Negative'],
  ['The weather is quite nice today.', 'Other', 'Positive'],
  ['Quantum physics is mind-bending.', 'Science', 'Neutral'],
  ['New phones have amazing features.', 'Technology', 'Positive'],
  ['I dislike the slow internet speed.', 'Other', 'Negative'],
].map(([sentence, topic, sentiment]) => ({ sentence, split: 'train', labels: { topic, sentiment } }));

export function sampleDataset(): Dataset {
  return makeDataset(sampleRows, ['topic', 'sentiment']);
}

/** The rows as GraphQL takes them. */
export const sampleRowInputs = sampleRows.map(({ sentence, labels }) => ({
  sentence,
  labels: Object.entries(labels).map(([task, label]) => ({ task, label })),
}));

/** A definition on the fixtures' tiny model that trains in well under a second. */
export function sampleDefinition(overrides: object = {}): Record<string, unknown> {
  return {
    model: 'bert-tiny',
    dataset: 'sample',
    tasks: [
      { name: 'topic', hidden: 16 },
      { name: 'sentiment', hidden: 16 },
    ],
    freeze: { preset: 'full' },
    training: { epochs: 2, batchSize: 2, learningRate: 1e-3, dropout: 0.1, maxLength: 32, seed: 7 },
    ...overrides,
  };
}

/** A run in the database that nobody trains. */
export async function insertRun({ prisma }: Database, overrides: Partial<Run> = {}): Promise<Run> {
  const state: RunState = overrides.state ?? 'RUNNING';
  return prisma.run.create({
    data: {
      id: randomUUID(),
      name: 'a run',
      definitionDigest: randomUUID(),
      seed: 1,
      trainableParameters: 10,
      totalParameters: 20,
      epochs: 2,
      ...overrides,
      state,
      tags: overrides.tags ?? [],
      definition: (overrides.definition ?? { name: 'a run' }) as object,
      provenance: {},
      freeze: {
        label: 'full',
        preset: 'full',
        frozenBlocks: 0,
        totalBlocks: 2,
        embeddingsFrozen: false,
        frozenHeads: [],
        trainableShare: 0.5,
      },
    },
  });
}

/** A run with an attempt under way, ready to take metrics. */
export async function insertRunningAttempt(
  database: Database,
  overrides: Partial<Run> = {},
): Promise<{ run: Run; key: { runId: string; attempt: number } }> {
  const run = await insertRun(database, overrides);
  await database.prisma.attempt.create({ data: { runId: run.id, number: 1, state: 'RUNNING' } });
  return { run, key: { runId: run.id, attempt: 1 } };
}
