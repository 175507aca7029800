import { FrostlineError } from '../../../experiments/errors.js';
import { type ModelVersion, type Prisma, type RegisteredModel } from '../../db/generated/client.js';
import { type Database } from '../../db/database.js';
import { checkText } from '../../db/text.js';
import { type Page, pageOf, type PageRequest } from '../../db/page.js';

/** A registered model by its name. @throws NOT_FOUND */
export async function findModel(
  { prisma }: Database,
  name: string,
  path = 'model',
): Promise<RegisteredModel> {
  const found = await prisma.registeredModel.findUnique({ where: { name } });
  if (found !== null) return found;
  const message = `${path}: there is no registered model ${JSON.stringify(name.slice(0, 200))}`;
  throw new FrostlineError('NOT_FOUND', message, { path });
}

/** A version of a model by its number. @throws NOT_FOUND */
export async function findVersion(
  { prisma }: Database,
  model: RegisteredModel,
  version: number,
): Promise<ModelVersion> {
  const found = await prisma.modelVersion.findUnique({
    where: { modelId_version: { modelId: model.id, version } },
  });
  if (found !== null) return found;
  const message = `version: ${model.name} has no version ${version}`;
  throw new FrostlineError('NOT_FOUND', message, { path: 'version' });
}

/** Registered models whose name contains `search`, the newest name first. */
export async function listRegisteredModels(
  { prisma }: Database,
  { first, after, search }: PageRequest & { search?: string | null },
): Promise<Page<RegisteredModel>> {
  const named: Prisma.RegisteredModelWhereInput = search
    ? { name: { contains: checkText(search, 'search'), mode: 'insensitive' } }
    : {};
  const [rows, count] = await Promise.all([
    prisma.registeredModel.findMany({
      where: { ...named, ...(after !== null && { sequence: { lt: after } }) },
      orderBy: { sequence: 'desc' },
      take: first + 1,
    }),
    prisma.registeredModel.count({ where: named }),
  ]);
  return pageOf(rows, first, count);
}
