import { badInput } from '../errors.js';
import { render } from './explain.js';
import { withValueAt } from './paths.js';

/**
 * Applies `--set` to a definition that is not parsed yet: `training.epochs=2` replaces one value. What stands after the first
 * `=` is read as JSON, and as a plain text where it is not JSON.
 */
export function applySettings(json: unknown, settings: readonly string[]): unknown {
  let result = json;
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    const path = setting.slice(0, Math.max(equals, 0)).trim();
    if (path === '') {
      throw badInput(`--set: expected path=value, such as training.epochs=2, got ${render(setting)}`, {
        path: '--set',
      });
    }
    result = changeSettings(result, { [path]: parseValue(setting.slice(equals + 1)) });
  }
  return result;
}

/** Replaces the values at paths of a definition that is not parsed yet. */
export function changeSettings(json: unknown, settings: Readonly<Record<string, unknown>>): unknown {
  return Object.entries(settings).reduce(
    (result, [path, value]) => withValueAt(result, stepsOf(path), value),
    json,
  );
}

/** A sweep's settings are dotted paths: `sweep.training.seed` is the key "training.seed" of "sweep". */
function stepsOf(path: string): string[] {
  const [first, second] = path.split('.');
  if (first !== 'sweep' || second === undefined) return path.split('.');
  const rest = path.slice('sweep.'.length);
  if (rest.startsWith('settings.')) return ['sweep', 'settings', rest.slice('settings.'.length)];
  const isField = ['method', 'settings', 'trials', 'seed', 'pruning'].includes(second);
  return ['sweep', ...(isField ? rest.split('.') : [rest])];
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
