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
    // A sweep's own keys are dotted paths: sweep.training.seed is the key "training.seed" of "sweep".
    const steps = path.startsWith('sweep.') ? ['sweep', path.slice('sweep.'.length)] : path.split('.');
    result = withValueAt(result, steps, parseValue(setting.slice(equals + 1)));
  }
  return result;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
