import { Arg, Ctx, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { datasetReference } from '../../datasets/readDataset.js';
import { deleteVectors } from '../../vectors/deleteVectors.js';
import { findLabelErrors, type LabelErrors } from '../../vectors/labelErrors.js';
import { findNearDuplicates, type NearDuplicates } from '../../vectors/nearDuplicates.js';
import { findSimilarRows, type SimilarRow } from '../../vectors/similarRows.js';
import {
  listVectorSets,
  provenanceOf,
  requestVectors,
  rowsBuilt,
  type StoredVectorSet,
} from '../../vectors/vectorSets.js';
import type { Context } from '../context.js';
import {
  BuildVectorsInput,
  DeleteVectorsInput,
  LabelErrorsInput,
  NearDuplicatesInput,
  SimilarInput,
} from './vectorInput.js';
import {
  BuildVectorsPayload,
  DeleteVectorsPayload,
  LabelErrorReport,
  NearDuplicateReport,
  SimilarHit,
  VectorSet,
  type VectorState,
} from './vectorType.js';
import { watchVectors } from './vectorsChanged.js';

@Resolver()
export class VectorResolver {
  @Query(() => [VectorSet], { description: 'Vectors of a dataset, the newest first.' })
  async vectorSets(
    @Arg('dataset', () => String, {
      description: 'A dataset: `name` (all of its versions) or `name@version`.',
    })
    dataset: string,
    @Ctx() { database }: Context,
  ): Promise<VectorSet[]> {
    return (await listVectorSets(database, dataset)).map(toVectorSet);
  }

  @Mutation(() => BuildVectorsPayload, {
    description:
      "Queues the vectors of a dataset's version. Those that are there, or under way, are returned; what failed goes on where it ended.",
  })
  async buildVectors(
    @Arg('input', () => BuildVectorsInput, { description: 'The dataset and the model.' })
    input: BuildVectorsInput,
    @Ctx() context: Context,
  ): Promise<BuildVectorsPayload> {
    return { vectorSet: toVectorSet(await requestVectors(context, input)) };
  }

  @Mutation(() => DeleteVectorsPayload, { description: 'Deletes vectors, with their index.' })
  async deleteVectors(
    @Arg('input', () => DeleteVectorsInput, { description: 'Which vectors.' }) { id }: DeleteVectorsInput,
    @Ctx() { database, blobs, search }: Context,
  ): Promise<DeleteVectorsPayload> {
    await deleteVectors(database, blobs, id);
    search.forget(id);
    return { id };
  }

  @Subscription(() => VectorSet, {
    description: 'Sends vectors as they are at once, and again whenever the work on them moves on.',
    subscribe: async ({ args, context }) => watchVectors((args as { id: string }).id, context),
  })
  vectorsChanged(
    @Root() set: StoredVectorSet,
    @Arg('id', () => ID, { description: 'Which vectors.' }) _id: string,
  ): VectorSet {
    return toVectorSet(set);
  }

  @Query(() => [SimilarHit], {
    description:
      'The rows of a dataset whose sentences are most similar to a sentence, the most similar first. `buildVectors` comes before it.',
  })
  async similar(
    @Arg('input', () => SimilarInput, { description: 'The sentence, and where to look.' })
    input: SimilarInput,
    @Ctx() context: Context,
  ): Promise<SimilarRow[]> {
    const { splits, labels, k, approximate, ...rest } = input;
    const filter = { splits: splits ?? null, labels: labels ?? [] };
    return findSimilarRows(
      context,
      { ...rest, client: context.client, k: k ?? 10, filter, approximate: approximate ?? false },
      context.signal,
    );
  }

  @Query(() => NearDuplicateReport, {
    description: 'Pairs of rows that say nearly the same: what is counted twice, or leaks between splits.',
  })
  async nearDuplicates(
    @Arg('input', () => NearDuplicatesInput, { description: 'The dataset, and how similar.' })
    { threshold, first, ...input }: NearDuplicatesInput,
    @Ctx() context: Context,
  ): Promise<NearDuplicates> {
    return findNearDuplicates(context, { ...input, threshold: threshold ?? 0.95, first: first ?? 100 });
  }

  @Query(() => LabelErrorReport, {
    description: 'Labels that may be wrong: those that most of the similar rows do not carry.',
  })
  async labelErrors(
    @Arg('input', () => LabelErrorsInput, { description: 'The dataset and the task.' })
    { first, ...input }: LabelErrorsInput,
    @Ctx() context: Context,
  ): Promise<LabelErrors> {
    return findLabelErrors(context, { ...input, first: first ?? 50 });
  }
}

function toVectorSet(set: StoredVectorSet): VectorSet {
  const { id, dimensions, indexed, createdAt, task, dataset } = set;
  const { state, done, total, errorCode, errorMessage, finishedAt } = task;
  return {
    id,
    dimensions,
    indexed,
    createdAt,
    dataset: datasetReference(dataset),
    model: { ...provenanceOf(set), normalized: true },
    state: state as VectorState,
    rowCount: dataset.rowCount,
    rowsStored: rowsBuilt(set),
    progress: state === 'FINISHED' ? 1 : total === null ? 0 : done / total,
    neighbours: set.neighboursSha256 !== null,
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
    finishedAt,
  };
}
