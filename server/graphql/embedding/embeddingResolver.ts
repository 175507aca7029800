import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { type EmbedAnswer, type PredictAnswer } from '../../embeddings/embeddingService.js';
import { rowsOf, softmax, toBase64 } from '../../embeddings/vectors.js';
import type { Context } from '../context.js';
import {
  EmbeddingProvenance,
  EmbedInput,
  EmbedResult,
  PredictInput,
  PredictResult,
  type SentencePrediction,
} from './embeddingType.js';

@Resolver(() => EmbedResult)
export class EmbeddingResolver {
  @Query(() => EmbedResult, {
    description: 'Embeds sentences: mean over the tokens of the last hidden state.',
  })
  async embed(
    @Arg('input', () => EmbedInput, { description: 'The sentences, and what to embed them with.' })
    input: EmbedInput,
    @Ctx() { embeddings, client, signal }: Context,
  ): Promise<EmbedAnswer> {
    return embeddings.embed({ ...input, client }, signal);
  }

  @FieldResolver()
  embeddings(@Root() answer: EmbedAnswer): number[][] {
    return rowsOf(answer).map((vector) => Array.from(vector));
  }

  @FieldResolver()
  base64(@Root() answer: EmbedAnswer): string[] {
    return rowsOf(answer).map(toBase64);
  }

  @FieldResolver()
  model(@Root() { model, normalized }: EmbedAnswer): EmbeddingProvenance {
    return { ...model, normalized };
  }
}

@Resolver(() => PredictResult)
export class PredictionResolver {
  @Query(() => PredictResult, {
    description: 'Predicts labels of sentences: what the heads of a trained model say, with probabilities.',
  })
  async predict(
    @Arg('input', () => PredictInput, { description: 'The sentences, and what to predict with.' })
    input: PredictInput,
    @Ctx() { embeddings, client, signal }: Context,
  ): Promise<PredictAnswer> {
    return embeddings.predict({ ...input, client }, signal);
  }

  @FieldResolver()
  predictions(@Root() { predictions, classes }: PredictAnswer): SentencePrediction[] {
    return predictions.map((byTask) => ({
      tasks: Object.entries(byTask).map(([task, { label, logits }]) => {
        const probabilities = softmax(logits);
        const scores = classes[task]!.map((name, index) => ({
          label: name,
          logit: logits[index]!,
          probability: probabilities[index]!,
        }));
        return { task, label, scores };
      }),
    }));
  }
}
