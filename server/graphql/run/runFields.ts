import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type {
  Dataset as DatasetRecord,
  Experiment as ExperimentRecord,
  FreezeConfig as FreezeConfigRecord,
  Run as RunRecord,
} from '../../db/generated/client.js';
import { divergedLoss } from '../../metrics/findDivergence.js';
import { costOf } from '../../runs/costs.js';
import { pageRequest, toConnection } from '../connection.js';
import type { Context } from '../context.js';
import { Dataset } from '../dataset/datasetType.js';
import { Experiment } from '../experiment/experimentType.js';
import { FreezeConfig } from '../freezeConfig/freezeConfigType.js';
import { MetricSeries, MetricSummary } from '../metric/metricType.js';
import { checkMaxPoints } from '../metric/checkMaxPoints.js';
import { Json } from '../scalars.js';
import { Divergence } from './divergenceType.js';
import { readSettings } from './readSettings.js';
import { HistoryArgs, LogArgs } from './runInput.js';
import {
  Attempt,
  Checkpoint,
  Cost,
  LogConnection,
  Provenance,
  Run,
  RunError,
  RunProgress,
  RunState,
} from './runType.js';

@Resolver(() => Run)
export class RunFields {
  @FieldResolver(() => Experiment, { nullable: true, description: 'The experiment it belongs to.' })
  async experiment(@Root() run: RunRecord, @Ctx() { loaders }: Context): Promise<ExperimentRecord | null> {
    return run.experimentId === null ? null : loaders.experiment.load(run.experimentId);
  }

  @FieldResolver(() => Dataset, {
    nullable: true,
    description: 'The version of a dataset that it trains on; null when it is trained elsewhere.',
  })
  async dataset(@Root() run: RunRecord, @Ctx() { loaders }: Context): Promise<DatasetRecord | null> {
    return run.datasetId === null ? null : loaders.dataset.load(run.datasetId);
  }

  @FieldResolver(() => FreezeConfig, {
    nullable: true,
    description: "The stored rules that it freezes by; null when they are the definition's own.",
  })
  async freezeConfig(
    @Root() run: RunRecord,
    @Ctx() { loaders }: Context,
  ): Promise<FreezeConfigRecord | null> {
    return run.freezeConfigId === null ? null : loaders.freezeConfig.load(run.freezeConfigId);
  }

  @FieldResolver(() => [Attempt], {
    description: 'The tries at it, in order; more than one when a worker was lost.',
  })
  async attempts(@Root() { id }: RunRecord, @Ctx() { loaders }: Context): Promise<Attempt[]> {
    const attempts = await loaders.attemptsOfRun.load(id);
    return attempts.map((attempt) => ({
      ...attempt,
      state: attempt.state as RunState,
      worker: attempt.workerName,
      error: errorOf(attempt),
    }));
  }

  @FieldResolver(() => RunProgress, { description: 'How far it is.' })
  progress(@Root() { state, step, totalSteps, epoch, epochs }: RunRecord): RunProgress {
    const share = totalSteps ? step / totalSteps : epochs > 0 ? epoch / epochs : 0;
    return { step, totalSteps, epoch, epochs, fraction: state === 'FINISHED' ? 1 : Math.min(1, share) };
  }

  @FieldResolver(() => [MetricSummary], { description: 'Its metrics at a glance, sorted by name.' })
  async metrics(
    @Root() { id }: RunRecord,
    @Arg('names', () => [String], {
      nullable: true,
      description: 'Only these, those it does not have left out; all when absent.',
    })
    names: string[] | null,
    @Ctx() { loaders }: Context,
  ): Promise<MetricSummary[]> {
    const all = await loaders.metricsOfRun.load(id);
    return names == null ? all : all.filter(({ name }) => names.includes(name));
  }

  @FieldResolver(() => Divergence, {
    nullable: true,
    description: 'Where its training loss became NaN or infinite; null while it is a number.',
  })
  async divergence(@Root() { id }: RunRecord, @Ctx() { loaders }: Context): Promise<Divergence | null> {
    const loss = divergedLoss(await loaders.metricsOfRun.load(id));
    const found = loss && (await loaders.divergence.load({ runId: id, name: loss.name }));
    return found && { ...found, recovered: loss?.last !== null };
  }

  @FieldResolver(() => [Json], {
    nullable: 'items',
    description:
      'Some settings of its definition, in the order of the paths; null where it has no such setting.',
  })
  settings(
    @Root() { definition }: RunRecord,
    @Arg('paths', () => [String], {
      description: 'Their paths, such as `training.learningRate`; odd names in quotes. 50 at most.',
    })
    paths: string[],
  ): unknown[] {
    return readSettings(definition, paths);
  }

  @FieldResolver(() => [MetricSeries], {
    description: 'The histories of its metrics; those it does not have are left out.',
  })
  async history(
    @Root() { id }: RunRecord,
    @Args(() => HistoryArgs) args: HistoryArgs,
    @Ctx() { loaders }: Context,
  ): Promise<MetricSeries[]> {
    const maxPoints = checkMaxPoints(args.maxPoints);
    return loaders.curvesOfRun.load({ runId: id, names: args.names ?? null, maxPoints });
  }

  @FieldResolver(() => LogConnection, { description: 'What it wrote, oldest first.' })
  async logs(@Root() { id }: RunRecord, @Args(() => LogArgs) args: LogArgs, @Ctx() { loaders }: Context) {
    const page = pageRequest(args, { limit: 1000, fallback: 200 });
    const lines = await loaders.logsOfRun.load({ runId: id, ...page });
    return toConnection(lines, page, ({ sequence }) => sequence);
  }

  @FieldResolver(() => Provenance, { description: 'What decided its numbers, beside the definition.' })
  provenance(@Root() run: RunRecord): Provenance {
    const known = run.provenance as Partial<Provenance>;
    return {
      datasetDigest: known.datasetDigest ?? null,
      backboneSha256: known.backboneSha256 ?? null,
      tokenizerSha256: known.tokenizerSha256 ?? null,
      backboneSource: known.backboneSource ?? null,
      randomWeights: known.randomWeights ?? false,
      engineVersion: known.engineVersion ?? '',
      nodeVersion: known.nodeVersion ?? '',
      packages: known.packages ?? null,
      device: known.device ?? null,
      cpu: known.cpu ?? null,
      threads: known.threads ?? null,
      command: known.command ?? null,
      gitCommit: known.gitCommit ?? null,
      gitDirty: known.gitDirty ?? null,
    };
  }

  @FieldResolver(() => Cost, { description: 'What it took.' })
  async cost(@Root() run: RunRecord, @Ctx() { loaders }: Context): Promise<Cost> {
    return costOf(run, await loaders.attemptsOfRun.load(run.id));
  }

  @FieldResolver(() => [Checkpoint], { description: 'Its stored weights, in the order they were taken.' })
  async checkpoints(@Root() { id }: RunRecord, @Ctx() { loaders }: Context): Promise<Checkpoint[]> {
    return loaders.checkpointsOfRun.load(id);
  }

  @FieldResolver(() => RunError, { nullable: true, description: 'Why it failed; null when it did not.' })
  error(@Root() run: RunRecord): RunError | null {
    return errorOf(run);
  }
}

function errorOf({
  errorCode,
  errorMessage,
}: {
  errorCode: string | null;
  errorMessage: string | null;
}): RunError | null {
  return errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' };
}
