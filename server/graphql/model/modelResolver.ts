import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { backboneLayout, sizeOf } from '../../../experiments/models/layout.js';
import type { Context } from '../context.js';
import { ModelLayout, type ParameterGroup } from './modelType.js';

@Resolver()
export class ModelResolver {
  @Query(() => ModelLayout, {
    description:
      'Every parameter group of a backbone. A model that is not in the cache is fetched first, which takes a while.',
  })
  async modelLayout(
    @Arg('model', () => String, {
      description: 'Id of a model, such as `sentence-transformers/all-MiniLM-L6-v2`.',
    })
    model: string,
    @Ctx() { models }: Context,
  ): Promise<ModelLayout> {
    const config = await models.config(model);
    const groups = new Map<number | null, ParameterGroup>();
    for (const { name, shape, block } of backboneLayout(config)) {
      const prefix =
        block === null
          ? 'backbone.embeddings'
          : name.slice(0, name.indexOf(`.${block}.`) + `.${block}`.length);
      const group = groups.get(block) ?? {
        name: prefix,
        kind: block === null ? 'embeddings' : 'block',
        block,
        parameters: 0,
        tensors: [],
      };
      groups.set(block, group);
      group.parameters += sizeOf(shape);
      group.tensors.push({ name, shape, parameters: sizeOf(shape) });
    }
    return {
      model,
      family: config.family,
      hiddenSize: config.hiddenSize,
      blocks: config.blocks,
      totalParameters: [...groups.values()].reduce((sum, { parameters }) => sum + parameters, 0),
      groups: [...groups.values()],
    };
  }
}
