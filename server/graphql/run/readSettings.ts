import { badInput } from '../../../experiments/errors.js';
import { settingField } from './toCondition.js';

const MAX_PATHS = 50;

/** The values at some paths of a definition; null where there is none. */
export function readSettings(definition: unknown, paths: readonly string[]): unknown[] {
  if (paths.length > MAX_PATHS)
    throw badInput(`paths: expected at most ${MAX_PATHS}, got ${paths.length}`, { path: 'paths' });
  return paths.map((path, index) => {
    let value = definition;
    for (const key of settingField(path, `paths.${index}`).path)
      value = isObject(value) && Object.hasOwn(value, key) ? value[key] : null;
    return value ?? null;
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
