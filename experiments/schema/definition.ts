import { badInput } from '../errors.js';
import { explainIssue, render } from './explain.js';
import { definitionFields } from './fields.js';
import { checkSweep } from './sweep.js';
import type { Definition, FreezeParts, FreezePreset, FreezeRules, Sweep } from './types.js';

export { definitionJsonSchema } from './fields.js';
export type * from './types.js';
export { freezePresets } from './types.js';

export interface ParsedDefinition {
  definition: Definition;
  /** The grid to expand, when the definition asks for one. */
  sweep: Sweep | null;
}

/**
 * Checks a definition and fills in its defaults. What is wrong is told as one line that begins with the field's path, such as
 * `training.learningRate: expected a number greater than 0, got -1`; a field that does not exist is an error too.
 */
export function parseDefinition(json: unknown, options: { source?: string } = {}): ParsedDefinition {
  const { source } = options;
  const parsed = definitionFields.safeParse(json, { reportInput: true });
  if (!parsed.success) {
    const { issues } = parsed.error;
    // A misspelt field is told before the required field that it leaves missing.
    const { message, path } = explainIssue(
      issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0],
    );
    throw badInput(message, { path, source });
  }
  const { sweep, freeze, ...rest } = parsed.data;
  const definition: Definition = { ...rest, freeze: normaliseFreeze(freeze) };
  checkFrozenHeads(definition, source);
  if (sweep !== null) checkSweep(json as Record<string, unknown>, sweep, source);
  return { definition, sweep };
}

function normaliseFreeze({
  preset,
  ...parts
}: Partial<FreezeParts> & { preset?: FreezePreset }): FreezeRules {
  if (preset !== undefined) return { preset };
  const { embeddings = false, blocks = 0, heads = [], parameters = [] } = parts;
  return { embeddings, blocks, heads, parameters };
}

/** Told here as well as where the plan is made, because it takes no model to see. */
function checkFrozenHeads({ freeze, tasks }: Definition, source?: string): void {
  if ('preset' in freeze) return;
  for (const [index, head] of freeze.heads.entries()) {
    if (tasks.some(({ name }) => name === head)) continue;
    const path = `freeze.heads.${index}`;
    const names = tasks.map(({ name }) => name).join(', ');
    throw badInput(`${path}: expected one of the tasks ${names}, got ${render(head)}`, { path, source });
  }
}
