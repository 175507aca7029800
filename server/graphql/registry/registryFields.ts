import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { badInput } from '../../../experiments/errors.js';
import { datasetReference } from '../../datasets/readDataset.js';
import type {
  ModelVersion as ModelVersionRecord,
  RegisteredModel as RegisteredModelRecord,
  Run as RunRecord,
} from '../../db/generated/client.js';
import type { GateComparison as Comparison } from '../../models/registry/gate.js';
import type { Context } from '../context.js';
import type { Split } from '../dataset/datasetType.js';
import { Run } from '../run/runType.js';
import {
  AliasMove,
  type GateComparison,
  ModelAlias,
  ModelEvaluation,
  ModelGate,
  ModelUse,
  ModelVersion,
  RegisteredModel,
} from './registryType.js';

@Resolver(() => RegisteredModel)
export class RegisteredModelFields {
  @FieldResolver(() => [ModelVersion], { description: 'Its versions, the newest first.' })
  async versions(
    @Root() { id }: RegisteredModelRecord,
    @Ctx() { loaders }: Context,
  ): Promise<ModelVersionRecord[]> {
    return loaders.registry.versionsOfModel.load(id);
  }

  @FieldResolver(() => [ModelAlias], { description: 'Its aliases, by name.' })
  async aliases(@Root() { id }: RegisteredModelRecord, @Ctx() { loaders }: Context): Promise<ModelAlias[]> {
    return loaders.registry.aliasesOfModel.load(id);
  }

  @FieldResolver(() => ModelGate, { nullable: true, description: 'What its aliases may only move by.' })
  async gate(
    @Root() { gateMetric, gateDatasetId, gateSplit, gateTolerance }: RegisteredModelRecord,
    @Ctx() { loaders }: Context,
  ): Promise<ModelGate | null> {
    if (gateMetric === null || gateDatasetId === null) return null;
    return {
      metric: gateMetric,
      dataset: datasetReference(await loaders.registry.dataset.load(gateDatasetId)),
      split: gateSplit as Split,
      tolerance: gateTolerance ?? 0,
    };
  }

  @FieldResolver(() => [AliasMove], { description: 'How its aliases moved, the newest move first.' })
  async history(
    @Root() { id }: RegisteredModelRecord,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many at most; 1 to 500.' }) first: number,
    @Ctx() { loaders }: Context,
  ): Promise<AliasMove[]> {
    const moves = await loaders.registry.movesOfModel.load({ id, first: checkFirst(first) });
    return moves.map(({ gate, ...move }) => ({
      ...move,
      id: String(move.id),
      gate: gate as unknown as (GateComparison & Comparison) | null,
    }));
  }
}

@Resolver(() => ModelVersion)
export class ModelVersionFields {
  @FieldResolver(() => String, { description: 'How it is asked for, such as `news@3`.' })
  async reference(@Root() version: ModelVersionRecord, @Ctx() { loaders }: Context): Promise<string> {
    return `${await loaders.registry.nameOfModel.load(version.modelId)}@${version.version}`;
  }

  @FieldResolver(() => String, { description: 'SHA-256 of the checkpoint that it hands out.' })
  checkpointSha256(@Root() { sha256 }: ModelVersionRecord): string {
    return sha256;
  }

  @FieldResolver(() => Run, { description: 'The run that trained it.' })
  async run(@Root() { runId }: ModelVersionRecord, @Ctx() { loaders }: Context): Promise<RunRecord> {
    return loaders.registry.runOfVersion.load(runId);
  }

  @FieldResolver(() => [String], { description: 'The aliases that point to it, by name.' })
  async aliases(@Root() { id, modelId }: ModelVersionRecord, @Ctx() { loaders }: Context): Promise<string[]> {
    const aliases = await loaders.registry.aliasesOfModel.load(modelId);
    return aliases.filter(({ versionId }) => versionId === id).map(({ name }) => name);
  }

  @FieldResolver(() => [ModelEvaluation], { description: 'What gates found out about it.' })
  async evaluations(
    @Root() { id }: ModelVersionRecord,
    @Ctx() { loaders }: Context,
  ): Promise<ModelEvaluation[]> {
    const evaluations = await loaders.registry.evaluationsOfVersion.load(id);
    return evaluations.map(({ dataset, split, loss, ...evaluation }) => ({
      ...evaluation,
      dataset: datasetReference(dataset),
      split: split as Split,
      loss: Number.isFinite(loss) ? loss : null,
    }));
  }

  @FieldResolver(() => [ModelUse], {
    description: 'Which programs asked it, day by day: the newest day first. Counts are some seconds old.',
  })
  async uses(
    @Root() { id }: ModelVersionRecord,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many at most; 1 to 500.' }) first: number,
    @Ctx() { loaders }: Context,
  ): Promise<ModelUse[]> {
    const uses = await loaders.registry.usesOfVersion.load({ id, first: checkFirst(first) });
    return uses.map(({ client, day, requests, sentences, lastUsedAt }) => ({
      client,
      day: String(day),
      requests: Number(requests),
      sentences: Number(sentences),
      lastUsedAt,
    }));
  }
}

@Resolver(() => Run)
export class RunRegistrations {
  @FieldResolver(() => [ModelVersion], {
    description: 'The versions of registered models that hand out its weights.',
  })
  async registrations(@Root() { id }: RunRecord, @Ctx() { loaders }: Context): Promise<ModelVersionRecord[]> {
    return loaders.registry.versionsOfRun.load(id);
  }
}

function checkFirst(first: number): number {
  if (first >= 1 && first <= 500) return first;
  throw badInput(`first: expected a number from 1 to 500, got ${first}`, { path: 'first' });
}
