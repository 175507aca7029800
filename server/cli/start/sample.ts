import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Counts,
  CreateDataset,
  CreateExperiment,
  CreateFreezeConfig,
  FreezeConfig,
  LaunchExperiment,
} from '../../../client/index.js';
import { readDatasetFile } from '../../../experiments/data/dataset.js';
import { type Config } from '../../config.js';
import { type Client } from '../client/client.js';
import { datasetRows } from '../client/datasetRows.js';

const EXPERIMENT = 'what to freeze';
const DATASET = 'sample';

const FREEZE_CONFIGS = [
  { name: 'full', description: 'Everything is trained.', rules: { preset: 'full' } },
  {
    name: 'head-only',
    description: 'The backbone is fixed, the heads are trained.',
    rules: { preset: 'head-only' },
  },
  {
    name: 'sentiment head frozen',
    description: 'The sentiment head is fixed, everything else is trained.',
    rules: { heads: ['sentiment'] },
  },
  {
    name: 'lower layers frozen',
    description: 'The embeddings and the first three blocks are fixed.',
    rules: { embeddings: true, blocks: 3 },
  },
  {
    name: 'frozen',
    description: 'Nothing is trained: the untouched network, for comparison.',
    rules: { preset: 'frozen' },
  },
];

/** Whether nobody has stored anything yet. */
export async function isEmpty(client: Client): Promise<boolean> {
  const counts = await client(Counts, {});
  return Object.values(counts).every(({ totalCount }) => totalCount === 0);
}

/** The definition of the sample, as it lies among the project's experiments. */
export async function readSample(
  config: Config,
): Promise<{ definition: Record<string, unknown>; model: string; data: string }> {
  const folder = join(config.root, 'experiments', 'definitions');
  const json = JSON.parse(await readFile(join(folder, 'what-to-freeze.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const { sweep: _sweep, dataset, ...definition } = json;
  const model = config.sampleModel ?? (definition.model as string);
  return { definition: { ...definition, model }, model, data: join(folder, dataset as string) };
}

/** Stores the sample dataset and the five freeze configurations; they need no model. */
export async function storeSampleData(client: Client, data: string): Promise<void> {
  const { rows } = await readDatasetFile(data);
  await client(CreateDataset, { input: { name: DATASET, rows: datasetRows(rows) } });
  for (const input of FREEZE_CONFIGS) {
    const { freezeConfig } = await client(FreezeConfig, { name: input.name });
    if (freezeConfig !== null) continue;
    await client(CreateFreezeConfig, { input });
  }
}

/** Stores the one experiment that runs all five and launches it; returns the ids of its runs. */
export async function launchSample(client: Client, definition: Record<string, unknown>): Promise<string[]> {
  const input = {
    name: EXPERIMENT,
    definition: { ...definition, dataset: DATASET },
    freezeConfigs: FREEZE_CONFIGS.map(({ name }) => name),
  };
  await client(CreateExperiment, { input });
  const { launchExperiment } = await client(LaunchExperiment, { input: { experiment: EXPERIMENT } });
  return launchExperiment.runs.map(({ id }) => id);
}
