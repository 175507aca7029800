import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { EmbedInput, EmbedResult } from './embeddingType.js';

@Resolver()
export class EmbeddingResolver {
  @Query(() => EmbedResult, {
    description: 'Embeds sentences: mean over the tokens of the last hidden state.',
  })
  async embed(
    @Arg('input', () => EmbedInput, { description: 'The sentences, and what to embed them with.' })
    input: EmbedInput,
    @Ctx() { embeddings }: Context,
  ): Promise<EmbedResult> {
    return embeddings.embed(input);
  }
}
