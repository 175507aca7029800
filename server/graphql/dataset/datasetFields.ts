import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { badInput } from '../../../experiments/errors.js';
import { datasetPath } from '../../datasets/datasetPath.js';
import type {
  Dataset as DatasetRecord,
  DatasetDuplicate,
  Run as RunRecord,
} from '../../db/generated/client.js';
import { type StoredRow } from '../../datasets/listRows.js';
import { mostClassesKept, type TaskStatistics } from '../../datasets/versionStatistics.js';
import { type ConnectionOf, pageRequest, toConnection } from '../connection.js';
import type { Context } from '../context.js';
import { PageArgs } from '../pageArgs.js';
import { type Condition, type Field } from '../../query/tree.js';
import { type ListedRuns } from '../run/runPages.js';
import { Run, RunConnection } from '../run/runType.js';
import { DatasetRowsArgs, RepeatedSentencesArgs } from './datasetInput.js';
import { type ListedRows } from './rowPages.js';
import {
  Dataset,
  DatasetFormat,
  DatasetRow,
  DatasetRowConnection,
  DatasetSource,
  DatasetTask,
  LabelCount,
  RepeatedSentence,
  RepeatedSentenceConnection,
  RowLabel,
  SplitCounts,
} from './datasetType.js';

const DEFAULT_CLASSES = 100;

@Resolver(() => Dataset)
export class DatasetFields {
  @FieldResolver(() => [DatasetTask], {
    description: 'The label columns, with the distribution of their labels.',
  })
  tasks(@Root() { tasks, rowCount }: DatasetRecord): DatasetTask[] {
    return (tasks as unknown as TaskStatistics[]).map((task) => {
      const { train, validation, test } = task.labelled;
      return { ...task, unlabelled: rowCount - train - validation - test };
    });
  }

  @FieldResolver(() => DatasetRowConnection, { description: 'The rows, in their order.' })
  async rows(
    @Root() dataset: DatasetRecord,
    @Args(() => DatasetRowsArgs) args: DatasetRowsArgs,
    @Ctx() { loaders }: Context,
  ): Promise<ConnectionOf<StoredRow> & ListedRows> {
    const page = pageRequest(args);
    const { search, splits, labels } = args;
    const filter = { search, splits, labels };
    const rows = await loaders.rowsOfDataset.load({ dataset, ...page, filter });
    return { ...toConnection(rows, page, ({ ordinal }) => ordinal), list: { dataset, filter } };
  }

  @FieldResolver(() => RepeatedSentenceConnection, {
    description: 'The sentences that occur more than once, those in several splits first.',
  })
  async repeatedSentences(
    @Root() { id }: DatasetRecord,
    @Args(() => RepeatedSentencesArgs) args: RepeatedSentencesArgs,
    @Ctx() { loaders }: Context,
  ): Promise<ConnectionOf<DatasetDuplicate>> {
    const page = pageRequest(args);
    const kind = args.kind ?? 'any';
    const found = await loaders.duplicatesOfDataset.load({ datasetId: id, ...page, kind });
    return toConnection(found, page, ({ position }) => position);
  }

  @FieldResolver(() => DatasetSource, {
    nullable: true,
    description: 'The file that it was uploaded as; null when its rows came inline.',
  })
  async source(
    @Root() { sourceSha256, sourceFormat }: DatasetRecord,
    @Ctx() { loaders }: Context,
  ): Promise<DatasetSource | null> {
    if (sourceSha256 === null) return null;
    const bytes = await loaders.bytesOfBlob.load(sourceSha256);
    return { sha256: sourceSha256, format: sourceFormat as DatasetFormat, bytes };
  }

  @FieldResolver(() => String, {
    description:
      'Where this server gives it as a file: as it was uploaded, or its rows with their splits in a format.',
  })
  path(
    @Root() dataset: DatasetRecord,
    @Arg('format', () => DatasetFormat, {
      nullable: true,
      description: 'How to write the rows; as they were uploaded when absent.',
    })
    format?: DatasetFormat | null,
  ): string {
    return datasetPath(dataset, format ?? 'original');
  }

  @FieldResolver(() => [Dataset], { description: 'All versions under this name, the newest first.' })
  async versions(@Root() { name }: DatasetRecord, @Ctx() { loaders }: Context): Promise<DatasetRecord[]> {
    return loaders.versionsOfDataset.load(name);
  }

  @FieldResolver(() => RunConnection, { description: 'The runs that used this version, newest first.' })
  async runs(
    @Root() { id, name, version }: DatasetRecord,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { loaders }: Context,
  ): Promise<ConnectionOf<RunRecord> & ListedRuns> {
    const page = pageRequest(args);
    const runs = await loaders.runsOfDataset.load({ ownerId: id, ...page });
    const field: Field = { kind: 'setting', path: ['dataset'] };
    const where: Condition = { kind: 'compare', field, operator: '=', value: `${name}@${version}` };
    return { ...toConnection(runs, page, ({ sequence }) => sequence), list: { where, order: [] } };
  }
}

@Resolver(() => DatasetTask)
export class DatasetTaskFields {
  @FieldResolver(() => [LabelCount], {
    description:
      'The labels that occur, sorted, with their counts; the most frequent ones where there are many.',
  })
  classes(
    @Root() { classes }: Pick<TaskStatistics, 'classes'>,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: DEFAULT_CLASSES,
      description: 'How many at most; 1 to 5,000.',
    })
    first: number | null,
  ): LabelCount[] {
    const wanted = first ?? DEFAULT_CLASSES;
    if (wanted < 1 || wanted > mostClassesKept)
      throw badInput(`first: expected a number from 1 to ${mostClassesKept}, got ${wanted}`, {
        path: 'first',
      });
    if (classes.length <= wanted) return classes;
    const frequent = new Set([...classes].sort((a, b) => b.count - a.count).slice(0, wanted));
    return classes.filter((label) => frequent.has(label));
  }
}

@Resolver(() => DatasetRow)
export class DatasetRowFields {
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

@Resolver(() => RepeatedSentence)
export class RepeatedSentenceFields {
  @FieldResolver(() => SplitCounts, { description: 'Its rows, by split.' })
  splits(@Root() { train, validation, test }: DatasetDuplicate): SplitCounts {
    return { train, validation, test };
  }

  @FieldResolver(() => Boolean, { description: 'Whether it is in more than one split.' })
  leaking(@Root() { train, validation, test, rowCount }: DatasetDuplicate): boolean {
    return Math.max(train, validation, test) < rowCount;
  }

  @FieldResolver(() => [DatasetRow], { description: 'Its rows, in their order: the first twenty of them.' })
  async rows(
    @Root() { datasetId, ordinals }: DatasetDuplicate,
    @Ctx() { loaders }: Context,
  ): Promise<StoredRow[]> {
    const rows = await Promise.all(
      ordinals.map((ordinal) => loaders.datasetRow.load({ datasetId, ordinal })),
    );
    return rows.flatMap((row) => row ?? []);
  }
}

/** The version a run was made with. */
@Resolver(() => Run)
export class RunDataset {
  @FieldResolver(() => Dataset, {
    nullable: true,
    description: 'The version of the dataset that it uses; null for runs trained elsewhere.',
  })
  async dataset(@Root() run: RunRecord, @Ctx() { loaders }: Context): Promise<DatasetRecord | null> {
    return run.datasetId === null ? null : loaders.dataset.load(run.datasetId);
  }
}
