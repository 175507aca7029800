import { Arg, Args, ArgsType, Ctx, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { badInput, FrostlineError } from '../../../experiments/errors.js';
import { findDataset } from '../../datasets/readDataset.js';
import { sampleRows } from '../../datasets/sampleRows.js';
import type { Context } from '../context.js';
import { Dataset, DatasetRow } from './datasetType.js';

const MAX_SIZE = 5_000;

@ObjectType({ description: 'Rows of a dataset, drawn at random.' })
export class DatasetSample {
  @Field(() => Dataset, { description: 'The version they are of.' })
  dataset!: object;

  @Field(() => [DatasetRow], { description: 'The rows, in the order of the dataset.' })
  rows!: object[];

  @Field(() => Int, { description: 'How many rows they were drawn from.' })
  population!: number;
}

@ArgsType()
class SampleArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: 400,
    description: 'How many at most, beside one of each label; 1 to 5,000.',
  })
  size?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Whose labels to keep the shares of; none when absent.',
  })
  task?: string | null;

  @Field(() => Int, { nullable: true, defaultValue: 0, description: 'Which of the many samples.' })
  seed?: number | null;
}

@Resolver()
export class DatasetSampleResolver {
  @Query(() => DatasetSample, {
    description:
      'Rows of a dataset drawn at random, the same for the same seed. With a task: rows labelled for it, each label by its share and at least once.',
  })
  async datasetSample(
    @Arg('name', () => String, { description: 'Name of the dataset.' }) name: string,
    @Arg('version', () => Int, { nullable: true, description: 'Which version; the newest when absent.' })
    version: number | null,
    @Args(() => SampleArgs) { size, task, seed }: SampleArgs,
    @Ctx() { database }: Context,
  ): Promise<DatasetSample> {
    const most = size ?? 400;
    if (most < 1 || most > MAX_SIZE) {
      throw badInput(`size: expected a number from 1 to ${MAX_SIZE}, got ${most}`, { path: 'size' });
    }
    const dataset = await findDataset(database, name, version);
    if (dataset === null) {
      const asked = version == null ? name : `${name}@${version}`;
      throw new FrostlineError('NOT_FOUND', `name: expected a stored dataset, got ${JSON.stringify(asked)}`, {
        path: 'name',
      });
    }
    return {
      dataset,
      ...(await sampleRows(database, dataset, { size: most, task: task ?? null, seed: seed ?? 0 })),
    };
  }
}
