import { Arg, Args, Ctx, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { FileRow } from '../../../experiments/data/rows.js';
import { checkSplitting } from '../../../experiments/data/splitting.js';
import { badInput } from '../../../experiments/errors.js';
import type { Dataset as DatasetRecord } from '../../db/generated/client.js';
import { createDataset } from '../../datasets/createDataset.js';
import { deleteDataset } from '../../datasets/deleteDataset.js';
import { listDatasets } from '../../datasets/listDatasets.js';
import { findDataset } from '../../datasets/readDataset.js';
import { pageRequest, toConnection } from '../connection.js';
import type { Context } from '../context.js';
import { SearchArgs } from '../pageArgs.js';
import { type ChangedDataset, watchDatasets } from './datasetChanged.js';
import {
  CreateDatasetInput,
  CreateDatasetPayload,
  DeleteDatasetInput,
  DeleteDatasetPayload,
} from './datasetInput.js';
import { Dataset, DatasetChange, DatasetConnection } from './datasetType.js';

@Resolver()
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
    const splitting = input.splitting ? checkSplitting(input.splitting, 'splitting') : null;
    return createDataset(database, input.name, { tasks: [...tasks], rows: input.rows.map(toRow), splitting });
  }

  @Mutation(() => DeleteDatasetPayload, {
    description:
      'Deletes a version of a dataset, or all of them. While runs refer to one, nothing is deleted: CONFLICT says how many.',
  })
  async deleteDataset(
    @Arg('input', () => DeleteDatasetInput, { description: 'Which.' }) input: DeleteDatasetInput,
    @Ctx() { database, blobs }: Context,
  ): Promise<DeleteDatasetPayload> {
    return { deleted: await deleteDataset(database, blobs, input) };
  }

  @Subscription(() => DatasetChange, {
    description:
      'Sends a dataset as it is at once, and again whenever it gets a version or loses one; without a name, each dataset that does.',
    subscribe: ({ args, context }) => watchDatasets((args as { name?: string | null }).name ?? null, context),
  })
  datasetChanged(
    @Root() change: ChangedDataset,
    @Arg('name', () => String, {
      nullable: true,
      description: 'Only the dataset of this name, which need not be there yet.',
    })
    _name?: string | null,
  ): DatasetChange {
    return change;
  }
}

function toRow({ sentence, split, labels }: CreateDatasetInput['rows'][number], index: number): FileRow {
  const path = `rows.${index}`;
  const byTask = new Map<string, string>();
  for (const [position, { task, label }] of labels.entries()) {
    const place = `${path}.labels.${position}.task`;
    if (task === '' || task === 'sentence' || task === 'split') {
      throw badInput(`${place}: expected the name of a task, got ${JSON.stringify(task)}`, { path: place });
    }
    if (byTask.has(task))
      throw badInput(`${place}: expected one label a task, got ${task} again`, { path: place });
    if (label.trim() !== '') byTask.set(task, label);
  }
  return { sentence, split: split ?? null, labels: Object.fromEntries(byTask) };
}
