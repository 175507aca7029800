import { randomUUID } from 'node:crypto';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { definitionDigest } from '../../experiments/schema/digest.js';
import { type FreezeRules } from '../../experiments/schema/types.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Experiment, Prisma } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { checkName } from '../db/text.js';
import { loadDataset } from '../datasets/readDataset.js';
import { type ModelStore } from '../models/modelStore.js';
import { type NamedRules, planRuns } from './planRuns.js';
import { settleDefinition } from './settleDefinition.js';

export interface ExperimentDependencies {
  database: Database;
  models: ModelStore;
  blobs: BlobStore;
}

export interface CreateExperimentInput {
  name: string;
  definition: unknown;
  freezeConfigs?: string[] | null;
}

/** Stores a definition that has been checked to the last detail, data and model included; otherwise nothing is written. */
export async function createExperiment(
  { database, models, blobs }: ExperimentDependencies,
  input: CreateExperimentInput,
): Promise<Experiment> {
  const { prisma } = database;
  const name = checkName(input.name);
  if (await prisma.experiment.findUnique({ where: { name } })) throw taken(name);
  const settled = await settleDefinition({ database, blobs }, withName(input.definition, name));
  const { definition, sweep, record } = settled;
  const freezeConfigs = await findFreezeConfigs(database, input.freezeConfigs ?? []);
  const dataset = await loadDataset(database, record);
  await planRuns({ definition, sweep, freezeConfigs, dataset, configOf: (model) => models.config(model) });
  try {
    return await prisma.experiment.create({
      data: {
        id: randomUUID(),
        name,
        definition: definition as unknown as Prisma.InputJsonObject,
        definitionDigest: definitionDigest(definition),
        sweep: sweep === null ? Prisma.DbNull : (sweep as unknown as Prisma.InputJsonObject),
        freezeConfigs: {
          create: freezeConfigs.map(({ id }, position) => ({ position, freezeConfigId: id })),
        },
      },
    });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') throw taken(name);
    throw error;
  }
}

function taken(name: string): FrostlineError {
  return new FrostlineError('CONFLICT', `name: there is an experiment ${JSON.stringify(name)} already`, {
    path: 'name',
  });
}

/** An experiment's definition needs no name of its own. */
function withName(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null && !Array.isArray(json) && !('name' in json)
    ? { name, ...json }
    : json;
}

/** Finds configurations by name, in the order asked for. */
export async function findFreezeConfigs({ prisma }: Database, names: string[]): Promise<NamedRules[]> {
  const found = await prisma.freezeConfig.findMany({ where: { name: { in: names } } });
  return names.map((name, index) => {
    const path = `freezeConfigs.${index}`;
    const config = found.find((candidate) => candidate.name === name);
    if (config === undefined) {
      throw badInput(`${path}: expected the name of a freeze configuration, got ${JSON.stringify(name)}`, {
        path,
      });
    }
    if (names.indexOf(name) !== index) {
      throw badInput(`${path}: expected each configuration once, got ${JSON.stringify(name)} again`, {
        path,
      });
    }
    return { id: config.id, name, rules: config.rules as unknown as FreezeRules };
  });
}
