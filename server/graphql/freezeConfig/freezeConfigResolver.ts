import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { type FreezeRules as Rules } from '../../../experiments/schema/types.js';
import type { FreezeConfig as FreezeConfigRecord } from '../../db/generated/client.js';
import { createFreezeConfig, listFreezeConfigs } from '../../runs/freezeConfigs.js';
import { pageRequest, toConnection } from '../connection.js';
import type { Context } from '../context.js';
import { PageArgs } from '../pageArgs.js';
import {
  CreateFreezeConfigInput,
  CreateFreezeConfigPayload,
  FreezeConfig,
  FreezeConfigConnection,
  FreezeRules,
} from './freezeConfigType.js';

@Resolver(() => FreezeConfig)
export class FreezeConfigResolver {
  @Query(() => FreezeConfigConnection, { description: 'Freeze configurations, newest first.' })
  async freezeConfigs(@Args(() => PageArgs) args: PageArgs, @Ctx() { database }: Context) {
    const page = pageRequest(args);
    return toConnection(await listFreezeConfigs(database, page), page, ({ sequence }) => sequence);
  }

  @Query(() => FreezeConfig, {
    nullable: true,
    description: 'A freeze configuration by name; null when there is none.',
  })
  async freezeConfig(
    @Arg('name', () => String, { description: 'Its name.' }) name: string,
    @Ctx() { database }: Context,
  ): Promise<FreezeConfigRecord | null> {
    return database.prisma.freezeConfig.findUnique({ where: { name } });
  }

  @Mutation(() => CreateFreezeConfigPayload, {
    description:
      'Stores freeze rules under a name. Whether they match anything shows when a model is known: in createExperiment.',
  })
  async createFreezeConfig(
    @Arg('input', () => CreateFreezeConfigInput, { description: 'The rules and their name.' })
    input: CreateFreezeConfigInput,
    @Ctx() { database }: Context,
  ): Promise<CreateFreezeConfigPayload> {
    return { freezeConfig: await createFreezeConfig(database, input) };
  }

  @FieldResolver(() => FreezeRules, { description: 'What it freezes.' })
  rules(@Root() { rules }: FreezeConfigRecord): FreezeRules {
    const given = rules as unknown as Rules;
    return 'preset' in given
      ? { preset: given.preset, embeddings: false, blocks: 0, heads: [], parameters: [] }
      : { preset: null, ...given };
  }
}
