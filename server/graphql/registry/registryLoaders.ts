import DataLoader from 'dataloader';
import {
  type Dataset,
  type ModelAliasMove,
  type ModelEvaluation,
  type ModelUse,
  type ModelVersion,
  type Run,
} from '../../db/generated/client.js';
import { type Database } from '../../db/database.js';

export type AliasOfModel = { name: string; version: number; versionId: string; movedAt: Date };

/** What is asked of a model or version, and how much of it. */
export interface StretchKey {
  id: string;
  first: number;
}

/** Nested fields of registered models, each read in one statement for the whole list. */
export interface RegistryLoaders {
  versionsOfModel: DataLoader<string, ModelVersion[]>;
  versionsOfRun: DataLoader<string, ModelVersion[]>;
  aliasesOfModel: DataLoader<string, AliasOfModel[]>;
  movesOfModel: DataLoader<StretchKey, ModelAliasMove[], string>;
  evaluationsOfVersion: DataLoader<string, (ModelEvaluation & { dataset: Dataset })[]>;
  usesOfVersion: DataLoader<StretchKey, ModelUse[], string>;
  runOfVersion: DataLoader<string, Run>;
  nameOfModel: DataLoader<string, string>;
  dataset: DataLoader<string, Dataset>;
}

/** Makes the loaders of one request. */
export function createRegistryLoaders(
  { prisma, pool }: Database,
  options: { cache: boolean },
): RegistryLoaders {
  const keyed = { ...options, cacheKeyFn: ({ id, first }: StretchKey) => `${id} ${first}` };
  return {
    versionsOfModel: new DataLoader(async (ids) => {
      const rows = await prisma.modelVersion.findMany({
        where: { modelId: { in: [...ids] } },
        orderBy: { version: 'desc' },
      });
      return ids.map((id) => rows.filter(({ modelId }) => modelId === id));
    }, options),

    versionsOfRun: new DataLoader(async (ids) => {
      const rows = await prisma.modelVersion.findMany({
        where: { runId: { in: [...ids] } },
        orderBy: { createdAt: 'asc' },
      });
      return ids.map((id) => rows.filter(({ runId }) => runId === id));
    }, options),

    aliasesOfModel: new DataLoader(async (ids) => {
      const rows = await prisma.modelAlias.findMany({
        where: { modelId: { in: [...ids] } },
        orderBy: { name: 'asc' },
        include: { version: { select: { version: true } } },
      });
      return ids.map((id) =>
        rows
          .filter(({ modelId }) => modelId === id)
          .map(({ name, versionId, movedAt, version }) => ({ name, versionId, movedAt, ...version })),
      );
    }, options),

    movesOfModel: new DataLoader(async (keys) => {
      const { rows } = await pool.query<ModelAliasMove & { first: number }>(
        `SELECT move.id, move.model_id AS "modelId", move.alias, move.from_version AS "fromVersion",
                move.to_version AS "toVersion", move.gate, move.forced, move.reason, move.moved_by AS "movedBy",
                move.moved_at AS "movedAt", asked.first
         FROM unnest($1::uuid[], $2::int[]) AS asked (id, first)
         CROSS JOIN LATERAL (
           SELECT * FROM model_alias_move WHERE model_id = asked.id ORDER BY id DESC LIMIT asked.first
         ) AS move ORDER BY move.id DESC`,
        [keys.map(({ id }) => id), keys.map(({ first }) => first)],
      );
      return keys.map(({ id, first }) => rows.filter((row) => row.modelId === id && row.first === first));
    }, keyed),

    evaluationsOfVersion: new DataLoader(async (ids) => {
      const rows = await prisma.modelEvaluation.findMany({
        where: { versionId: { in: [...ids] } },
        orderBy: [{ computedAt: 'asc' }, { task: 'asc' }],
        include: { dataset: true },
      });
      return ids.map((id) => rows.filter(({ versionId }) => versionId === id));
    }, options),

    usesOfVersion: new DataLoader(async (keys) => {
      const { rows } = await pool.query<ModelUse & { first: number }>(
        `SELECT use.version_id AS "versionId", use.client, use.day, use.requests, use.sentences,
                use.last_used_at AS "lastUsedAt", asked.first
         FROM unnest($1::uuid[], $2::int[]) AS asked (id, first)
         CROSS JOIN LATERAL (
           SELECT version_id, client, day::text, requests, sentences, last_used_at FROM model_use
           WHERE version_id = asked.id ORDER BY model_use.day DESC, requests DESC, client LIMIT asked.first
         ) AS use ORDER BY use.day DESC, use.requests DESC, use.client`,
        [keys.map(({ id }) => id), keys.map(({ first }) => first)],
      );
      return keys.map(({ id, first }) => rows.filter((row) => row.versionId === id && row.first === first));
    }, keyed),

    runOfVersion: new DataLoader(async (ids) => {
      const rows = await prisma.run.findMany({ where: { id: { in: [...ids] } } });
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id)!);
    }, options),

    nameOfModel: new DataLoader(async (ids) => {
      const rows = await prisma.registeredModel.findMany({
        where: { id: { in: [...ids] } },
        select: { id: true, name: true },
      });
      const byId = new Map(rows.map(({ id, name }) => [id, name]));
      return ids.map((id) => byId.get(id)!);
    }, options),

    dataset: new DataLoader(async (ids) => {
      const rows = await prisma.dataset.findMany({ where: { id: { in: [...ids] } } });
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id)!);
    }, options),
  };
}
