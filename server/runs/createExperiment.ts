import { randomUUID } from 'node:crypto';
import { FrostlineError } from '../../experiments/errors.js';
import { definitionDigest } from '../../experiments/schema/digest.js';
import { type Experiment, Prisma } from '../db/generated/client.js';
import { checkName } from '../db/text.js';
import { type ExperimentDependencies, planDefinition } from './planDefinition.js';

export interface CreateExperimentInput {
  name: string;
  definition: unknown;
  /** Names, or `name@version`. */
  freezeConfigs?: string[] | null;
}

/** Stores a definition that has been checked to the last detail, data and model included; otherwise nothing is written. */
export async function createExperiment(
  dependencies: ExperimentDependencies,
  input: CreateExperimentInput,
): Promise<Experiment> {
  const { prisma } = dependencies.database;
  const name = checkName(input.name);
  if (await prisma.experiment.findUnique({ where: { name } })) throw taken(name);
  const { definition, sweep, freezeConfigs } = await planDefinition(dependencies, {
    definition: withName(input.definition, name),
    freezeConfigs: input.freezeConfigs,
  });
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

export function taken(name: string): FrostlineError {
  return new FrostlineError('CONFLICT', `name: there is an experiment ${JSON.stringify(name)} already`, {
    path: 'name',
  });
}

/** An experiment's definition needs no name of its own. */
export function withName(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null && !Array.isArray(json) && !('name' in json)
    ? { name, ...json }
    : json;
}
