import { Arg, Args, Ctx, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type {
  ModelVersion as ModelVersionRecord,
  RegisteredModel as RegisteredModelRecord,
} from '../../db/generated/client.js';
import { deleteVersion } from '../../models/registry/deleteVersion.js';
import { listRegisteredModels } from '../../models/registry/findModel.js';
import { setModelGate } from '../../models/registry/gate.js';
import { moveAlias, removeAlias } from '../../models/registry/moveAlias.js';
import { resolveModelReference } from '../../models/registry/resolveModelReference.js';
import { registerModel } from '../../models/registry/registerModel.js';
import { pageRequest, toConnection } from '../connection.js';
import type { Context } from '../context.js';
import { SearchArgs } from '../pageArgs.js';
import { type ChangedModel, watchModels } from './modelChanged.js';
import {
  DeleteModelVersionInput,
  MoveAliasInput,
  RegisteredModelPayload,
  RegisterModelInput,
  RegisterModelPayload,
  RemoveAliasInput,
  SetModelGateInput,
} from './registryInput.js';
import { ModelChange, ModelVersion, RegisteredModel, RegisteredModelConnection } from './registryType.js';

@Resolver()
export class RegistryResolver {
  @Query(() => RegisteredModelConnection, { description: 'Registered models, the newest name first.' })
  async models(@Args(() => SearchArgs) args: SearchArgs, @Ctx() { database }: Context) {
    const page = pageRequest(args);
    const listed = await listRegisteredModels(database, { ...page, search: args.search });
    return toConnection(listed, page, ({ sequence }) => sequence);
  }

  @Query(() => RegisteredModel, {
    nullable: true,
    description: 'A registered model by its name; null when there is none.',
  })
  async model(
    @Arg('name', () => String, { description: 'Its name.' }) name: string,
    @Ctx() { database }: Context,
  ): Promise<RegisteredModelRecord | null> {
    return database.prisma.registeredModel.findUnique({ where: { name } });
  }

  @Query(() => ModelVersion, {
    nullable: true,
    description:
      'The version that a reference stands for: `news`, `news@3` or `news@production`; null when no model has that name.',
  })
  async modelVersion(
    @Arg('reference', () => String, { description: 'The reference.' }) reference: string,
    @Ctx() { database }: Context,
  ): Promise<ModelVersionRecord | null> {
    const found = await resolveModelReference(database, reference);
    return found && database.prisma.modelVersion.findUnique({ where: { id: found.versionId } });
  }

  @Mutation(() => RegisterModelPayload, {
    description:
      "Makes a finished run's weights the next version of a model, and moves an alias there if one is given. While it is registered, the run cannot be deleted.",
  })
  async registerModel(
    @Arg('input', () => RegisterModelInput, { description: 'Which run, under which name.' })
    input: RegisterModelInput,
    @Ctx() context: Context,
  ): Promise<RegisterModelPayload> {
    return registerModel(context, input);
  }

  @Mutation(() => RegisteredModelPayload, {
    description:
      'Points an alias to a version, at once for everybody. A gate refuses a version that is worse than the one it points to now; that takes as long as evaluating both, the first time.',
  })
  async moveAlias(
    @Arg('input', () => MoveAliasInput, { description: 'Which alias, and where to.' }) input: MoveAliasInput,
    @Ctx() context: Context,
  ): Promise<RegisteredModelPayload> {
    return { model: await moveAlias(context, input) };
  }

  @Mutation(() => RegisteredModelPayload, { description: 'Takes an alias away; its history stays.' })
  async removeAlias(
    @Arg('input', () => RemoveAliasInput, { description: 'Which alias.' }) input: RemoveAliasInput,
    @Ctx() context: Context,
  ): Promise<RegisteredModelPayload> {
    return { model: await removeAlias(context, input) };
  }

  @Mutation(() => RegisteredModelPayload, {
    description: 'Sets what the aliases of a model may only move by, or takes the gate away.',
  })
  async setModelGate(
    @Arg('input', () => SetModelGateInput, { description: 'Which model, and its gate.' })
    { model, gate }: SetModelGateInput,
    @Ctx() { database }: Context,
  ): Promise<RegisteredModelPayload> {
    return { model: await setModelGate(database, { model, gate: gate ?? null }) };
  }

  @Mutation(() => RegisteredModelPayload, {
    description: 'Deletes a version that no alias points to. Its run stays, and may be deleted from then on.',
  })
  async deleteModelVersion(
    @Arg('input', () => DeleteModelVersionInput, { description: 'Which version.' })
    input: DeleteModelVersionInput,
    @Ctx() { database }: Context,
  ): Promise<RegisteredModelPayload> {
    return { model: await deleteVersion(database, input) };
  }

  @Subscription(() => ModelChange, {
    description:
      'Sends a registered model as it is at once, and again whenever its versions, aliases or gate change; without a name, each model of which they do.',
    subscribe: ({ args, context }) => watchModels((args as { name?: string | null }).name ?? null, context),
  })
  modelChanged(
    @Root() change: ChangedModel,
    @Arg('name', () => String, {
      nullable: true,
      description: 'Only the model of this name, which need not be there yet.',
    })
    _name?: string | null,
  ): ModelChange {
    return change;
  }
}
