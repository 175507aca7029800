/** Open-ended JSON (definitions, settings, package lists) for tables: flat rows of a path and a value in words. */

export interface Setting {
  path: string;
  value: unknown;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every leaf of an object with its dotted path. Lists of objects with a name are entered under that name. */
export function flattenSettings(value: unknown, prefix = ''): Setting[] {
  if (Array.isArray(value) && value.length > 0 && value.every(isRecord)) {
    return value.flatMap((entry, index) => {
      const { name, ...rest } = entry as Record<string, unknown>;
      const key = typeof name === 'string' ? name : String(index);
      return flattenSettings(rest, prefix ? `${prefix}.${key}` : key);
    });
  }
  if (!isRecord(value)) return [{ path: prefix, value }];
  return Object.entries(value).flatMap(([key, inner]) =>
    flattenSettings(inner, prefix ? `${prefix}.${key}` : key),
  );
}

/** A setting's value as text: lists by commas, yes and no for booleans, "—" for nothing. */
export function settingText(value: unknown): string {
  if (value === null || value === undefined) return '—';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value === '' ? '""' : value;
  // What arithmetic left in the last digits is no setting: 0.000006000000000000001.
  if (typeof value === 'number') return String(Number(value.toPrecision(12)));
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(settingText).join(', ');
  return JSON.stringify(value);
}

/** A string field of a definition, or null. */
export function textField(definition: unknown, field: string): string | null {
  const value = isRecord(definition) ? definition[field] : undefined;
  return typeof value === 'string' ? value : null;
}

/** The tasks of a definition, as far as it states them. */
export function definitionTasks(
  definition: unknown,
): { name: string; classes: string[] | null; hidden: number | null }[] {
  const tasks = isRecord(definition) ? definition.tasks : undefined;
  if (!Array.isArray(tasks)) return [];
  return tasks.filter(isRecord).map((task) => ({
    name: String(task.name),
    classes: Array.isArray(task.classes) ? task.classes.map(String) : null,
    hidden: typeof task.hidden === 'number' ? task.hidden : null,
  }));
}

export interface FreezeStage {
  /** The epoch, from 1, that these rules begin with. */
  epoch: number;
  preset: string | null;
  embeddings: boolean;
  blocks: number;
  heads: string[];
  parameters: string[];
}

/** What a definition freezes, stage by stage: one stage, or more where a schedule changes it between epochs. */
export function freezeStages(definition: unknown): FreezeStage[] {
  const rules = isRecord(definition) && isRecord(definition.freeze) ? definition.freeze : {};
  const later = Array.isArray(rules.schedule) ? rules.schedule.filter(isRecord) : [];
  return [freezeStage(rules, 1), ...later.map((stage) => freezeStage(stage, Number(stage.epoch)))];
}

function freezeStage(found: Record<string, unknown>, epoch: number): FreezeStage {
  return {
    epoch,
    preset: typeof found.preset === 'string' ? found.preset : null,
    embeddings: found.embeddings === true,
    blocks: typeof found.blocks === 'number' ? found.blocks : 0,
    heads: Array.isArray(found.heads) ? found.heads.map(String) : [],
    parameters: Array.isArray(found.parameters) ? found.parameters.map(String) : [],
  };
}
