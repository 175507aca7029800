/** What freeze rules do to a network, part by part: the data behind every drawing of a frozen model. */

export interface FreezeRulesLike {
  preset?: string | null;
  embeddings: boolean;
  blocks: number;
  heads: readonly string[];
  parameters: readonly string[];
}

export interface LayoutGroupLike {
  name: string;
  kind: string;
  block?: number | null;
  parameters: number;
  tensors: readonly { name: string; parameters: number }[];
}

export interface TaskLike {
  name: string;
  classes?: readonly string[] | null;
  hidden?: number | null;
}

export interface ModelPart {
  key: string;
  kind: 'embeddings' | 'block' | 'head';
  label: string;
  /** Null where the model's layout is not known. */
  parameters: number | null;
  /** Share of its parameters that are frozen, 0 to 1. */
  frozen: number;
}

/** Whether a name matches a pattern in which `*` stands for any run of characters and `?` for one. */
export function matchesPattern(pattern: string, name: string): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const source = literal.replace(/\*+/g, '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(name);
}

/** Rules with their preset spelled out as embeddings, blocks and heads. */
export function expandRules(
  rules: FreezeRulesLike,
  blocks: number,
  tasks: readonly string[],
): FreezeRulesLike {
  switch (rules.preset) {
    case 'full':
      return { embeddings: false, blocks: 0, heads: [], parameters: [] };
    case 'head-only':
      return { embeddings: true, blocks, heads: [], parameters: [] };
    case 'frozen':
      return { embeddings: true, blocks, heads: [...tasks], parameters: [] };
    default:
      return rules;
  }
}

function headParameters(hiddenSize: number | null, task: TaskLike): number | null {
  if (hiddenSize === null || !task.classes?.length) return null;
  const width = task.hidden ?? 256;
  return hiddenSize * width + width + width * task.classes.length + task.classes.length;
}

function frozenShare(group: LayoutGroupLike, whole: boolean, patterns: readonly string[]): number {
  if (whole) return 1;
  if (patterns.length === 0 || group.parameters === 0) return 0;
  const frozen = group.tensors
    .filter((tensor) => patterns.some((pattern) => matchesPattern(pattern, tensor.name)))
    .reduce((sum, tensor) => sum + tensor.parameters, 0);
  return frozen / group.parameters;
}

function headShare(task: string, rules: FreezeRulesLike): number {
  if (rules.heads.includes(task)) return 1;
  const names = ['0.weight', '0.bias', '3.weight', '3.bias'].map((leaf) => `heads.${task}.${leaf}`);
  const matched = names.filter((name) => rules.parameters.some((pattern) => matchesPattern(pattern, name)));
  return matched.length / names.length;
}

/**
 * Every part of a model from its input up (embeddings, blocks, heads) with what the rules freeze of it.
 * Without a layout the parts are drawn alike and patterns cannot be resolved against the backbone.
 */
export function modelParts(
  rules: FreezeRulesLike,
  options: {
    layout?: { hiddenSize: number; groups: readonly LayoutGroupLike[] } | null;
    blocks: number;
    tasks: readonly TaskLike[];
  },
): ModelPart[] {
  const { layout, tasks } = options;
  const blocks = layout ? layout.groups.filter((group) => group.kind === 'block').length : options.blocks;
  const full = expandRules(
    rules,
    blocks,
    tasks.map((task) => task.name),
  );
  const groups: LayoutGroupLike[] = layout
    ? layout.groups.filter((group) => group.kind !== 'head')
    : [
        { name: 'embeddings', kind: 'embeddings', parameters: 0, tensors: [] },
        ...Array.from({ length: blocks }, (_, block) => ({
          name: `block ${block + 1}`,
          kind: 'block',
          block,
          parameters: 0,
          tensors: [],
        })),
      ];
  let position = 0;
  const backbone = groups.map((group): ModelPart => {
    const isBlock = group.kind === 'block';
    if (isBlock) position += 1;
    const whole = isBlock ? position <= full.blocks : full.embeddings;
    return {
      key: group.name,
      kind: isBlock ? 'block' : 'embeddings',
      label: isBlock ? `Block ${position}` : 'Embeddings',
      parameters: layout ? group.parameters : null,
      frozen: frozenShare(group, whole, full.parameters),
    };
  });
  const heads = tasks.map((task): ModelPart => ({
    key: `heads.${task.name}`,
    kind: 'head',
    label: task.name,
    parameters: headParameters(layout?.hiddenSize ?? null, task),
    frozen: headShare(task.name, full),
  }));
  return [...backbone, ...heads];
}

/** Trainable share of a model's parts; null where a count is not known. */
export function trainableShare(parts: readonly ModelPart[]): number | null {
  let total = 0;
  let trainable = 0;
  for (const part of parts) {
    if (part.parameters === null) return null;
    total += part.parameters;
    trainable += part.parameters * (1 - part.frozen);
  }
  return total === 0 ? null : trainable / total;
}
