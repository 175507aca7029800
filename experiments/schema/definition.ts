import { parseFields, type ParsedDefinition } from './parse.js';
import { checkSweep } from './sweep.js';

export { definitionJsonSchema } from './fields.js';
export { definitionIssues, type ParsedDefinition } from './parse.js';
export type * from './types.js';
export { freezePresets } from './types.js';

/**
 * Checks a definition and fills in its defaults. What is wrong is told as one line that begins with the field's path, such as
 * `training.learningRate: expected a number greater than 0, got -1`; a field that does not exist is an error too.
 */
export function parseDefinition(json: unknown, options: { source?: string } = {}): ParsedDefinition {
  const parsed = parseFields(json, options.source);
  const { definition, sweep } = parsed;
  if (sweep !== null) checkSweep(json as Record<string, unknown>, { definition, sweep }, options.source);
  return parsed;
}
