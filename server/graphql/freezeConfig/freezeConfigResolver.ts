import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { type FreezeChoice, type FreezeRules as Rules } from '../../../experiments/schema/types.js';
import type { FreezeConfig as FreezeConfigRecord } from '../../db/generated/client.js';
import { createFreezeConfig, findFreezeConfig, listFreezeConfigs } from '../../runs/freezeConfigs.js';
import { updateFreezeConfig } from '../../runs/updateFreezeConfig.js';
import { pageRequest, toConnection } from '../connection.js';
import type { Context } from '../context.js';
import { PageArgs } from '../pageArgs.js';
import {
  CreateFreezeConfigInput,
  CreateFreezeConfigPayload,
  FreezeConfig,
  FreezeConfigConnection,
  FreezeRules,
  UpdateFreezeConfigInput,
  UpdateFreezeConfigPayload,
} from './freezeConfigType.js';

@Resolver(() => FreezeConfig)
export class FreezeConfigResolver {
  @Query(() => FreezeConfigConnection, {
    description: 'The newest version of each freeze configuration, the newest first.',
  })
  async freezeConfigs(@Args(() => PageArgs) args: PageArgs, @Ctx() { database }: Context) {
    const page = pageRequest(args);
    return toConnection(await listFreezeConfigs(database, page), page, ({ sequence }) => sequence);
  }

  @Query(() => FreezeConfig, {
    nullable: true,
    description:
      'A version of a freeze configuration, the newest unless one is named; null when there is none.',
  })
  async freezeConfig(
    @Arg('name', () => String, { description: 'Its name.' }) name: string,
    @Arg('version', () => Int, { nullable: true, description: 'Its version; the newest when absent.' })
    version: number | null,
    @Ctx() { database }: Context,
  ): Promise<FreezeConfigRecord | null> {
    return findFreezeConfig(database, name, version);
  }

  @Mutation(() => CreateFreezeConfigPayload, {
    description:
      'Stores freeze rules under a new name. Whether they match anything shows when a model is known: in createExperiment.',
  })
  async createFreezeConfig(
    @Arg('input', () => CreateFreezeConfigInput, { description: 'The rules and their name.' })
    input: CreateFreezeConfigInput,
    @Ctx() { database }: Context,
  ): Promise<CreateFreezeConfigPayload> {
    return { freezeConfig: await createFreezeConfig(database, input) };
  }

  @Mutation(() => UpdateFreezeConfigPayload, {
    description:
      'Gives a freeze configuration other rules, as its next version. Experiments and runs keep the version that they have.',
  })
  async updateFreezeConfig(
    @Arg('input', () => UpdateFreezeConfigInput, { description: 'Which one, and its new rules.' })
    input: UpdateFreezeConfigInput,
    @Ctx() { database }: Context,
  ): Promise<UpdateFreezeConfigPayload> {
    return updateFreezeConfig(database, input);
  }

  @FieldResolver(() => [FreezeConfig], { description: 'All versions under its name, the newest first.' })
  async versions(
    @Root() { name }: FreezeConfigRecord,
    @Ctx() { loaders }: Context,
  ): Promise<FreezeConfigRecord[]> {
    return loaders.versionsOfFreezeConfig.load(name);
  }

  @FieldResolver(() => Int, { description: 'How many experiments keep to this version.' })
  async experimentCount(@Root() { id }: FreezeConfigRecord, @Ctx() { loaders }: Context): Promise<number> {
    return (await loaders.usesOfFreezeConfig.load(id)).experiments;
  }

  @FieldResolver(() => Int, { description: 'How many runs freeze by this version.' })
  async runCount(@Root() { id }: FreezeConfigRecord, @Ctx() { loaders }: Context): Promise<number> {
    return (await loaders.usesOfFreezeConfig.load(id)).runs;
  }

  @FieldResolver(() => FreezeRules, { description: 'What it freezes.' })
  rules(@Root() { rules }: FreezeConfigRecord): FreezeRules {
    const { schedule = [], ...start } = rules as unknown as Rules;
    return {
      ...spelledOut(start),
      schedule: schedule.map(({ epoch, ...choice }) => ({ epoch, ...spelledOut(choice) })),
    };
  }
}

/** A choice with all its parts: empty ones beside a preset. */
function spelledOut(choice: FreezeChoice): Omit<FreezeRules, 'schedule'> {
  return 'preset' in choice
    ? { preset: choice.preset, embeddings: false, blocks: 0, heads: [], parameters: [] }
    : { preset: null, ...choice };
}
