import { badInput, FrostlineError } from '../errors.js';
import { checkPruning } from './checkPruning.js';
import { drawTrial, place } from './drawTrial.js';
import { render } from './explain.js';
import { parseFields } from './parse.js';
import { withValueAt } from './paths.js';
import { largestSweep, styleOf } from './sweepFields.js';
import type { Definition, Distribution, Sweep } from './types.js';

/** Settings that one sweep may vary. */
const mostSettings = 50;

/** A point of a distribution that is neither an end nor, in a range of whole numbers, likely to be one. */
const INSIDE = 0.3819;

/** Checks each setting of a sweep by itself, so that a wrong value is named before the first run starts. */
export function checkSweep(
  json: Record<string, unknown>,
  { definition, sweep }: { definition: Definition; sweep: Sweep },
  source?: string,
): void {
  const at = styleOf(json.sweep) === 'none' ? 'sweep' : 'sweep.settings';
  const settings = Object.keys(sweep.settings).length;
  if (settings > mostSettings) {
    throw badInput(`${at}: expected at most ${mostSettings} settings, got ${settings}`, { path: at, source });
  }
  const size = sweepSize(sweep);
  if (size > largestSweep) {
    throw badInput(`${at}: expected at most ${largestSweep} combinations, got ${size}`, { path: at, source });
  }
  if (sweep.pruning !== null) checkPruning(sweep.pruning, definition, { sweep, source });
  const { sweep: _sweep, ...rest } = json;
  for (const [path, values] of Object.entries(sweep.settings)) {
    if (path === 'name' || path === 'sweep' || path.startsWith('sweep.')) {
      throw badInput(`${at}.${path}: expected the path of a setting, such as training.learningRate`, {
        path: `${at}.${path}`,
        source,
      });
    }
    for (const [suffix, value] of examples(values)) {
      const where = `${at}.${path}${suffix}`;
      try {
        parseFields(withValueAt(rest, path.split('.'), value), source);
      } catch (error) {
        if (!(error instanceof FrostlineError)) throw error;
        throw badInput(`${where}: ${error.message}`, { path: where, source, cause: error });
      }
    }
  }
}

/** Every value of a list; of a distribution its ends and one in between. */
function examples(values: unknown[] | Distribution): [suffix: string, value: unknown][] {
  if (Array.isArray(values)) return values.map((value, index) => [`.${index}`, value]);
  return [
    ['.min', values.min],
    ['.max', values.max],
    ['', place(values, INSIDE)],
  ];
}

/** Runs that a sweep stands for, those that turn out the same counted as often as they come. */
export function sweepSize(sweep: Sweep): number {
  if (sweep.method === 'random') return sweep.trials;
  return Object.values(sweep.settings).reduce((product, values) => product * values.length, 1);
}

/**
 * The definitions that a sweep stands for: every combination of its values, the first path changing slowest, or every trial in its
 * order. Each is named after what sets it apart.
 */
export function expandSweep(definition: Definition, sweep: Sweep | null): Definition[] {
  return pointsOf(sweep).map((settings) => {
    const json = settings.reduce<unknown>(
      (rest, [path, value]) => withValueAt(rest, path.split('.'), value),
      definition,
    );
    const { definition: one } = parseFields(json);
    if (settings.length === 0) return one;
    const labels = settings.map(([path, value]) => `${path.split('.').at(-1)}=${label(value)}`);
    return { ...one, name: `${one.name} (${labels.join(', ')})`.slice(0, 200) };
  });
}

/** The settings of each run, by their paths. */
function pointsOf(sweep: Sweep | null): [path: string, value: unknown][][] {
  if (sweep === null) return [[]];
  if (sweep.method === 'random') {
    return Array.from({ length: sweep.trials }, (_, trial) => drawTrial(sweep, trial));
  }
  return Object.entries(sweep.settings).reduce<[string, unknown][][]>(
    (points, [path, values]) =>
      points.flatMap((point) => values.map((value): [string, unknown][] => [...point, [path, value]])),
    [[]],
  );
}

function label(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    if ('preset' in value) return String(value.preset);
    const parts = Object.entries(value);
    // Freeze rules in words, such as "embeddings + blocks 3".
    if (parts.every(([, part]) => typeof part === 'number' || typeof part === 'boolean'))
      return parts.map(([key, part]) => (part === true ? key : `${key} ${part}`)).join(' + ');
  }
  return render(value);
}
