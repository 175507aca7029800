import { badInput, FrostlineError } from '../errors.js';
import { render } from './explain.js';
import { parseFields } from './parse.js';
import { withValueAt } from './paths.js';
import type { Definition, Sweep } from './types.js';

/** More runs than this in one sweep is taken for a slip. */
export const largestSweep = 1000;

/** Checks each value of a sweep by itself, so that a wrong one is named before the first run starts. */
export function checkSweep(json: Record<string, unknown>, sweep: Sweep, source?: string): void {
  const size = Object.values(sweep).reduce((product, values) => product * values.length, 1);
  if (size > largestSweep) {
    throw badInput(`sweep: expected at most ${largestSweep} combinations, got ${size}`, {
      path: 'sweep',
      source,
    });
  }
  const { sweep: _sweep, ...rest } = json;
  for (const [path, values] of Object.entries(sweep)) {
    if (path === 'name' || path === 'sweep' || path.startsWith('sweep.')) {
      throw badInput(`sweep.${path}: expected the path of a setting, such as training.learningRate`, {
        path: `sweep.${path}`,
        source,
      });
    }
    for (const [index, value] of values.entries()) {
      const place = `sweep.${path}.${index}`;
      try {
        parseFields(withValueAt(rest, path.split('.'), value), source);
      } catch (error) {
        if (!(error instanceof FrostlineError)) throw error;
        throw badInput(`${place}: ${error.message}`, { path: place, source, cause: error });
      }
    }
  }
}

/**
 * The definitions that a sweep stands for: every combination of its values, the first path changing slowest. Each is named after
 * what sets it apart.
 */
export function expandSweep(definition: Definition, sweep: Sweep | null): Definition[] {
  let expanded: { json: unknown; labels: string[] }[] = [{ json: definition, labels: [] }];
  for (const [path, values] of Object.entries(sweep ?? {})) {
    expanded = expanded.flatMap(({ json, labels }) =>
      values.map((value) => ({
        json: withValueAt(json, path.split('.'), value),
        labels: [...labels, `${path.split('.').at(-1)}=${label(value)}`],
      })),
    );
  }
  return expanded.map(({ json, labels }) => {
    const { definition: one } = parseFields(json);
    return labels.length === 0 ? one : { ...one, name: `${one.name} (${labels.join(', ')})`.slice(0, 200) };
  });
}

function label(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'preset' in value) return String(value.preset);
  return render(value);
}
