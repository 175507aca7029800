import { badInput } from '../errors.js';
import { explainIssue, render } from './explain.js';
import { definitionFields } from './fields.js';
import type { Definition, FreezeParts, FreezePreset, FreezeRules, Sweep } from './types.js';

export interface ParsedDefinition {
  definition: Definition;
  /** The grid to expand, when the definition asks for one. */
  sweep: Sweep | null;
}

/** Checks one definition and fills in its defaults; the values of its sweep are left unchecked. */
export function parseFields(json: unknown, source?: string): ParsedDefinition {
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
