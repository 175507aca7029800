import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { type DatasetRow as RowData, makeDataset } from '../../../experiments/data/dataset.js';
import { badInput } from '../../../experiments/errors.js';
import type { Dataset as DatasetRecord } from '../../db/generated/client.js';
import { createDataset } from '../../datasets/createDataset.js';
import { listDatasets, type StoredRow } from '../../datasets/listDatasets.js';
import { findDataset } from '../../datasets/readDataset.js';
import { type ConnectionOf, pageRequest, toConnection } from '../connection.js';
import type { Context } from '../context.js';
import { PageArgs, SearchArgs } from '../pageArgs.js';
import { CreateDatasetInput, CreateDatasetPayload } from './datasetInput.js';
import { Dataset, DatasetConnection, DatasetRow, DatasetRowConnection, RowLabel } from './datasetType.js';

@Resolver(() => Dataset)
export class DatasetResolver {
  @Query(() => DatasetConnection, { description: 'The newest version of each dataset, newest first.' })
  async datasets(@Args(() => SearchArgs) args: SearchArgs, @Ctx() { database }: Context) {
    const page = pageRequest(args);
    const { search } = args;
    return toConnection(await listDatasets(database, { ...page, search }), page, ({ sequence }) => sequence);
  }

  @Query(() => Dataset, { nullable: true, description: 'A dataset by name; null when there is none.' })
  async dataset(
    @Arg('name', () => String, { description: 'Name of the dataset.' }) name: string,
    @Arg('version', () => Int, { nullable: true, description: 'Which version; the newest when absent.' })
    version: number | null,
    @Ctx() { database }: Context,
  ): Promise<DatasetRecord | null> {
    return findDataset(database, name, version);
  }

  @Mutation(() => CreateDatasetPayload, {
    description: 'Stores rows as a new version of a dataset, or finds the version that has them.',
  })
  async createDataset(
    @Arg('input', () => CreateDatasetInput, { description: 'The rows and their name.' })
    input: CreateDatasetInput,
    @Ctx() { database }: Context,
  ): Promise<CreateDatasetPayload> {
    const tasks = new Set(input.rows.flatMap(({ labels }) => labels.map(({ task }) => task)));
    return createDataset(database, input.name, makeDataset(input.rows.map(toRow), [...tasks]));
  }

  @FieldResolver(() => DatasetRowConnection, { description: 'The rows, in their order.' })
  async rows(
    @Root() dataset: DatasetRecord,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { loaders }: Context,
  ): Promise<ConnectionOf<StoredRow>> {
    const page = pageRequest(args);
    return toConnection(
      await loaders.rowsOfDataset.load({ dataset, ...page }),
      page,
      ({ ordinal }) => ordinal,
    );
  }
}

@Resolver(() => DatasetRow)
export class DatasetRowResolver {
  @FieldResolver(() => Int, { description: 'Place in the dataset, from 0.' })
  index(@Root() row: StoredRow): number {
    return row.ordinal;
  }

  @FieldResolver(() => [RowLabel], {
    description: 'Labels by task; tasks that are absent are not labelled in this row.',
  })
  labels(@Root() row: StoredRow): RowLabel[] {
    return Object.entries(row.labels).map(([task, label]) => ({ task, label }));
  }
}

function toRow({ sentence, split, labels }: CreateDatasetInput['rows'][number], index: number): RowData {
  const path = `rows.${index}`;
  if (sentence.trim() === '')
    throw badInput(`${path}.sentence: expected text, got an empty one`, { path: `${path}.sentence` });
  const byTask = new Map<string, string>();
  for (const [position, { task, label }] of labels.entries()) {
    const place = `${path}.labels.${position}.task`;
    if (task === '' || task === 'sentence' || task === 'split') {
      throw badInput(`${place}: expected the name of a task, got ${JSON.stringify(task)}`, { path: place });
    }
    if (byTask.has(task))
      throw badInput(`${place}: expected one label a task, got ${task} again`, { path: place });
    if (label !== '') byTask.set(task, label);
  }
  return { sentence, split: split ?? 'train', labels: Object.fromEntries(byTask) };
}
