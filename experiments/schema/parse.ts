import { badInput } from '../errors.js';
import { explainIssue, render } from './explain.js';
import { definitionFields } from './fields.js';
import type { Definition, FreezeChoice, FreezeParts, FreezePreset, FreezeRules, Sweep } from './types.js';

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

type WrittenChoice = Partial<FreezeParts> & { preset?: FreezePreset };

function normaliseFreeze({
  schedule,
  ...rules
}: WrittenChoice & { schedule?: (WrittenChoice & { epoch: number })[] }): FreezeRules {
  if (schedule === undefined) return normaliseChoice(rules);
  const stages = schedule.map(({ epoch, ...choice }) => ({ epoch, ...normaliseChoice(choice) }));
  return { ...normaliseChoice(rules), schedule: stages };
}

function normaliseChoice({ preset, ...parts }: WrittenChoice): FreezeChoice {
  if (preset !== undefined) return { preset };
  const { embeddings = false, blocks = 0, heads = [], parameters = [] } = parts;
  return { embeddings, blocks, heads, parameters };
}

/** Told here as well as where the plan is made, because it takes no model to see. */
function checkFrozenHeads({ freeze, tasks, training }: Definition, source?: string): void {
  checkHeads(freeze, 'freeze');
  for (const [index, stage] of (freeze.schedule ?? []).entries()) {
    const path = `freeze.schedule.${index}`;
    checkHeads(stage, path);
    if (stage.epoch <= training.epochs) continue;
    throw badInput(
      `${path}.epoch: expected at most ${training.epochs}, the number of epochs, got ${stage.epoch}`,
      { path: `${path}.epoch`, source },
    );
  }

  function checkHeads(choice: FreezeChoice, at: string): void {
    if ('preset' in choice) return;
    for (const [index, head] of choice.heads.entries()) {
      if (tasks.some(({ name }) => name === head)) continue;
      const path = `${at}.heads.${index}`;
      const names = tasks.map(({ name }) => name).join(', ');
      throw badInput(`${path}: expected one of the tasks ${names}, got ${render(head)}`, { path, source });
    }
  }
}
