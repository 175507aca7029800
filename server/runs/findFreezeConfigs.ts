import { badInput } from '../../experiments/errors.js';
import { type FreezeRules } from '../../experiments/schema/types.js';
import { type FreezeConfig } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type NamedRules } from './planRuns.js';

/** Finds configurations by name, which is the newest version, or by `name@version`, in the order asked for. */
export async function findFreezeConfigs(
  { prisma }: Database,
  references: readonly string[],
): Promise<NamedRules[]> {
  const wanted = references.map((reference) => {
    const [, name, version] = /^(.*)@(\d{1,9})$/.exec(reference) ?? [];
    return { reference, name: name ?? reference, version: version === undefined ? null : Number(version) };
  });
  const stored = await prisma.freezeConfig.findMany({
    where: { name: { in: wanted.map(({ name }) => name) } },
    orderBy: { version: 'desc' },
  });
  const found = wanted.map(({ reference, name, version }, index) => {
    const config = stored.find((one) => one.name === name && (version === null || one.version === version));
    if (config !== undefined) return namedRules(config);
    const path = `freezeConfigs.${index}`;
    const message = `${path}: expected the name of a freeze configuration, or name@version, got ${JSON.stringify(reference)}`;
    throw badInput(message, { path });
  });
  const again = found.findIndex(({ id }, index) => found.findIndex((other) => other.id === id) < index);
  if (again === -1) return found;
  const path = `freezeConfigs.${again}`;
  const message = `${path}: expected each version of a configuration once, got ${JSON.stringify(references[again])} again`;
  throw badInput(message, { path });
}

/** A stored configuration, as planning takes it. */
export function namedRules({ id, name, version, rules }: FreezeConfig): NamedRules {
  return { id, name, version, rules: rules as unknown as FreezeRules };
}
