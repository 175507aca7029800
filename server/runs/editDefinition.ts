import { badInput, FrostlineError } from '../../experiments/errors.js';
import { parseDefinition, type ParsedDefinition } from '../../experiments/schema/definition.js';
import { changeSettings } from '../../experiments/schema/settings.js';

/**
 * A stored definition with settings changed, checked and with its defaults. Errors name the setting as it was given.
 * @param fixed fields that cannot be set here, and in what
 */
export function editDefinition(
  json: object,
  settings: unknown,
  fixed: { fields: readonly string[]; in: string } = { fields: [], in: '' },
): { json: Record<string, unknown>; parsed: ParsedDefinition } {
  const changes = checkShape(settings);
  for (const path of Object.keys(changes)) {
    if (!fixed.fields.includes(path.split('.')[0]!)) continue;
    const place = `settings.${path}`;
    const message = `${place}: expected settings other than ${fixed.fields.join(', ')} in ${fixed.in}`;
    throw badInput(message, { path: place });
  }
  const changed = changeSettings(json, changes) as Record<string, unknown>;
  try {
    return { json: changed, parsed: parseDefinition(changed) };
  } catch (error) {
    if (!(error instanceof FrostlineError) || error.path === undefined) throw error;
    throw badInput(`settings.${error.message}`, { path: `settings.${error.path}`, cause: error });
  }
}

/** Whether settings say anything of a part of the definition. */
export function touches(settings: unknown, part: string): boolean {
  return Object.keys(settings ?? {}).some((path) => path.split('.')[0] === part);
}

function checkShape(settings: unknown): Record<string, unknown> {
  if (settings == null) return {};
  if (typeof settings === 'object' && !Array.isArray(settings)) return settings as Record<string, unknown>;
  throw badInput('settings: expected an object of paths and values, such as {"training.epochs": 3}', {
    path: 'settings',
  });
}
