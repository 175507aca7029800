import { type RegisteredModel } from '../../db/generated/client.js';
import { type Context } from '../context.js';
import { watchNames } from '../watchNames.js';

/** What a registered model has come to. */
export interface ChangedModel {
  name: string | null;
  model: RegisteredModel | null;
}

/** A registered model at once and whenever its versions, aliases or gate change; of all models, each of which they do. */
export function watchModels(
  name: string | null,
  { database, notifications }: Context,
): AsyncIterable<ChangedModel> {
  return watchNames<ChangedModel>(notifications, {
    type: 'model',
    name,
    async read(names) {
      const found = await database.prisma.registeredModel.findMany({ where: { name: { in: names } } });
      return names.map((one) => ({ name: one, model: found.find((model) => model.name === one) ?? null }));
    },
    unknown: { name: null, model: null },
  });
}
