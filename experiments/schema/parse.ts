import { badInput } from '../errors.js';
import { explainIssue, type Explained, render } from './explain.js';
import { definitionFields } from './fields.js';
import { normaliseSweep } from './normaliseSweep.js';
import { sweepFieldsOf, styleOf } from './sweepFields.js';
import type { Definition, FreezeChoice, FreezeParts, FreezePreset, FreezeRules, Sweep } from './types.js';

export interface ParsedDefinition {
  definition: Definition;
  /** What to vary, when the definition asks for several runs. */
  sweep: Sweep | null;
}

/** The fields of a definition, by the way its sweep is written. */
const fieldsByStyle = {
  none: definitionFields.extend({ sweep: sweepFieldsOf('none') }),
  grid: definitionFields.extend({ sweep: sweepFieldsOf('grid') }),
  random: definitionFields.extend({ sweep: sweepFieldsOf('random') }),
  unknown: definitionFields.extend({ sweep: sweepFieldsOf('unknown') }),
};

/** Checks one definition and fills in its defaults; the settings of its sweep are left unchecked. */
export function parseFields(json: unknown, source?: string): ParsedDefinition {
  const fields = fieldsByStyle[styleOf((json as { sweep?: unknown } | null)?.sweep)];
  const parsed = fields.safeParse(json, { reportInput: true });
  if (!parsed.success) {
    const [{ message, path }] = explainAll(parsed.error.issues, fields);
    throw badInput(message, { path, source });
  }
  const { sweep, freeze, ...rest } = parsed.data;
  const definition: Definition = { ...rest, freeze: normaliseFreeze(freeze) };
  checkFrozenHeads(definition, source);
  return { definition, sweep: normaliseSweep(sweep) };
}

/** Everything that is wrong with the fields of a definition, one line each; what takes several fields to see is left out. */
export function definitionIssues(json: unknown): Explained[] {
  const fields = fieldsByStyle[styleOf((json as { sweep?: unknown } | null)?.sweep)];
  const parsed = fields.safeParse(json, { reportInput: true });
  return parsed.success ? [] : explainAll(parsed.error.issues, fields);
}

type Issues = NonNullable<ReturnType<typeof definitionFields.safeParse>['error']>['issues'];

/** A misspelt field is told before the required field that it leaves missing. */
function explainAll(issues: Issues, fields: unknown): [Explained, ...Explained[]] {
  const misspelt = issues.filter(({ code }) => code === 'unrecognized_keys');
  const others = issues.filter(({ code }) => code !== 'unrecognized_keys');
  return [...misspelt, ...others].map((issue) => explainIssue(issue, fields)) as [Explained, ...Explained[]];
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
