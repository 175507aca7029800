import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { CreateExperiment, Dataset, Experiment, FreezeConfig, LaunchExperiment } from '../../client/index.js';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { parseDefinition } from '../../experiments/schema/definition.js';
import { definitionDigest } from '../../experiments/schema/digest.js';
import { applySettings } from '../../experiments/schema/settings.js';
import { readConfig } from '../config.js';
import { MAX_ATTEMPTS, MAX_PRIORITY } from '../runs/queueSettings.js';
import { type Client, connect, type ServerAddress, serverAddress } from './client/client.js';
import { comparisonTable } from './client/comparisonTable.js';
import { printPlan } from './client/printPlan.js';
import { progressOutput, watchRuns } from './client/watchRuns.js';
import { importFile } from './importFile.js';
import { parseCount } from './options.js';

export interface LaunchOptions {
  set?: string[];
  name?: string;
  freeze?: string[];
  force?: boolean;
  detach?: boolean;
  plan?: boolean;
  priority?: string;
  attempts?: string;
}

/** `frostline launch`: stores a definition and its data on the server, queues its runs and shows how they go. */
export async function launch(path: string, options: LaunchOptions): Promise<void> {
  const address = serverAddress(readConfig());
  const client = connect(address);
  const json = await readDefinition(path, options.set ?? []);
  const { definition } = parseDefinition(json, { source: path });
  const settings = queueSettings(options);
  const file = resolve(dirname(path), definition.dataset);
  const dataset = await storeDataset(client, address, file, definition.dataset);
  const name = options.name ?? definition.name;
  const experiment = {
    name,
    definition: { ...json, dataset },
    freezeConfigs: options.freeze ? await pinFreezeConfigs(client, options.freeze) : null,
  };
  if (options.plan) return printPlan(client, experiment, path);
  await storeExperiment(client, experiment);
  const { launchExperiment } = await client(LaunchExperiment, {
    input: { experiment: name, force: options.force === true, ...settings },
  });
  const ids = launchExperiment.runs.map(({ id }) => id);
  if (!options.detach) {
    const ended = await watchRuns(client, ids, progressOutput());
    process.stdout.write(`${comparisonTable(ended)}\n`);
    for (const run of ended) if (run.error) process.stderr.write(`${run.name}: ${run.error.message}\n`);
    // A pruned run has done what the sweep asked of it.
    if (ended.some(({ state, pruned }) => state !== 'FINISHED' && !pruned)) process.exitCode = 1;
  }
  process.stdout.write(`${address.url}/compare?runs=${ids.join(',')}\n`);
}

async function readDefinition(path: string, settings: string[]): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw badInput('expected a definition, there is no such file', { source: path, cause });
  }
  try {
    return applySettings(JSON.parse(text), settings) as Record<string, unknown>;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw badInput(`expected JSON, ${cause.message}`, { source: path, cause });
  }
}

/** A file goes to the server; what is not a file names a dataset that is there. Returns the version. */
async function storeDataset(
  client: Client,
  address: ServerAddress,
  file: string,
  reference: string,
): Promise<string> {
  if (existsSync(file)) {
    const { dataset } = await importFile(address, file);
    return `${dataset.name}@${dataset.version}`;
  }
  if (/@\d+$/.test(reference)) return reference;
  const { dataset } = await client(Dataset, { name: reference });
  return dataset === null ? reference : `${reference}@${dataset.version}`;
}

/** Checked here as well, as the server is asked only when the experiment is stored. */
function queueSettings({ priority, attempts }: LaunchOptions): { priority?: number; maxAttempts?: number } {
  return {
    ...(priority === undefined
      ? {}
      : { priority: parseCount('--priority', priority, -MAX_PRIORITY, MAX_PRIORITY) }),
    ...(attempts === undefined ? {} : { maxAttempts: parseCount('--attempts', attempts, 1, MAX_ATTEMPTS) }),
  };
}

/** The versions that names stand for now; what is not there, the server tells. */
async function pinFreezeConfigs(client: Client, references: readonly string[]): Promise<string[]> {
  const pin = async (reference: string): Promise<string> => {
    if (/@\d+$/.test(reference)) return reference;
    const { freezeConfig } = await client(FreezeConfig, { name: reference });
    return freezeConfig === null ? reference : `${reference}@${freezeConfig.version}`;
  };
  return Promise.all(references.map(pin));
}

/** Launching the same definition again uses the experiment that is there; another one needs a name of its own. */
async function storeExperiment(client: Client, input: ExperimentInput): Promise<void> {
  const { experiment } = await client(Experiment, { name: input.name });
  if (experiment === null) {
    await client(CreateExperiment, { input });
    return;
  }
  const { definition, sweep } = parseDefinition(input.definition);
  const isSame =
    experiment.definitionDigest === definitionDigest(definition) &&
    isDeepStrictEqual(experiment.sweep, sweep) &&
    isDeepStrictEqual(
      experiment.freezeConfigs.map(({ name, version }) => `${name}@${version}`),
      input.freezeConfigs ?? [],
    );
  if (isSame) return;
  const message = `there is another experiment called ${JSON.stringify(input.name)}: give this one a name with --name`;
  throw new FrostlineError('CONFLICT', message, { path: '--name' });
}

interface ExperimentInput {
  name: string;
  definition: object;
  freezeConfigs: string[] | null;
}
