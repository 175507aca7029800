/** What the freeze designer does to rules: every act is a function from rules to rules. */

import {
  expandRules,
  matchesPattern,
  modelParts,
  type FreezeRulesLike,
  type LayoutGroupLike,
  type ModelPart,
  type TaskLike,
} from '@/lib/freeze';

/** What rules are applied to. */
export interface DesignModel {
  layout: { hiddenSize: number; groups: readonly LayoutGroupLike[] } | null;
  blocks: number;
  tasks: readonly TaskLike[];
}

/** Rules that hold from an epoch on. */
export interface DesignStage {
  epoch: number;
  rules: FreezeRulesLike;
}

/** The stages of a design in their order; the first begins with epoch 1. */
export type Design = readonly [DesignStage, ...DesignStage[]];

/** Freeze rules as a definition writes them. */
export interface WrittenRules {
  preset?: string;
  embeddings?: boolean;
  blocks?: number;
  heads?: string[];
  parameters?: string[];
  schedule?: (WrittenRules & { epoch: number })[];
}

const nothing: FreezeRulesLike = { embeddings: false, blocks: 0, heads: [], parameters: [] };

/** A preset alone. */
export const presetRules = (preset: string): FreezeRulesLike => ({ ...nothing, preset });

/** The pattern that freezes a part of the backbone whole. */
const wholePart = (key: string): string => `${key}.*`;

function tensorNames(model: DesignModel, key: string): string[] {
  const group = model.layout?.groups.find(({ name }) => name === key);
  if (group) return group.tensors.map(({ name }) => name);
  return ['0.weight', '0.bias', '3.weight', '3.bias'].map((leaf) => `${key}.${leaf}`);
}

/** Rules in their shortest form: as the preset that says the same where there is one. */
export function tidyRules(rules: FreezeRulesLike, { blocks, tasks }: DesignModel): FreezeRulesLike {
  const names = tasks.map(({ name }) => name);
  const full = expandRules(rules, blocks, names);
  if (full.parameters.length > 0) return { ...full, preset: null };
  const heads = names.filter((name) => full.heads.includes(name));
  const backbone = full.embeddings && full.blocks >= blocks;
  if (backbone && heads.length === 0) return presetRules('head-only');
  if (backbone && heads.length === names.length) return presetRules('frozen');
  if (!full.embeddings && full.blocks === 0 && full.heads.length === 0) return presetRules('full');
  return { ...full, preset: null };
}

/** Freezes parts, or lets them train. Blocks without a gap from the bottom are counted; others are named by patterns. */
export function setFrozen(
  rules: FreezeRulesLike,
  keys: readonly string[],
  frozen: boolean,
  model: DesignModel,
): FreezeRulesLike {
  const parts = modelParts(rules, model);
  const chosen = parts.filter(({ key }) => keys.includes(key));
  const isFrozen = (part: ModelPart): boolean => (chosen.includes(part) ? frozen : part.frozen === 1);
  const blocks = parts.filter(({ kind }) => kind === 'block');
  // A block cannot be named where the model is not known: then those below it go along.
  const bottom = model.layout
    ? blocks.findIndex((block) => !isFrozen(block))
    : blocks.findLastIndex((block) => isFrozen(block)) + 1;
  const count = bottom === -1 ? blocks.length : bottom;
  const own = new Set(parts.map(({ key }) => wholePart(key)));
  const letGo = frozen ? [] : chosen.flatMap(({ key }) => tensorNames(model, key));
  const patterns = expandRules(rules, model.blocks, []).parameters.filter(
    (pattern) => !own.has(pattern) && !letGo.some((name) => matchesPattern(pattern, name)),
  );
  const above = model.layout ? blocks.slice(count).filter(isFrozen) : [];
  return tidyRules(
    {
      preset: null,
      embeddings: parts.some((part) => part.kind === 'embeddings' && isFrozen(part)),
      blocks: count,
      heads: parts.filter((part) => part.kind === 'head' && isFrozen(part)).map(({ label }) => label),
      parameters: [...patterns, ...above.map(({ key }) => wholePart(key))],
    },
    model,
  );
}

/** The freeze boundary of rules, as advice counts it: 0 nothing, 1 the embeddings, 1 + k with k blocks. */
export function boundaryOf(rules: FreezeRulesLike, model: DesignModel): number {
  const { embeddings, blocks } = expandRules(rules, model.blocks, []);
  return embeddings ? 1 + Math.min(blocks, model.blocks) : 0;
}

/** Whether rules freeze what the boundary has below it and nothing else of the backbone. */
export function isAtBoundary(rules: FreezeRulesLike, model: DesignModel): boolean {
  const full = expandRules(rules, model.blocks, []);
  return full.parameters.length === 0 && (full.embeddings || full.blocks === 0);
}

/** A design that unfreezes a block an epoch from the top, beginning with the heads alone. */
export function unfreezeGradually(model: DesignModel, epochs: number): Design {
  const stages = Array.from({ length: Math.min(epochs, model.blocks + 1) - 1 }, (_, index): DesignStage => ({
    epoch: index + 2,
    rules: tidyRules({ ...nothing, embeddings: true, blocks: model.blocks - index - 1 }, model),
  }));
  return [{ epoch: 1, rules: presetRules('head-only') }, ...stages];
}

/** A further stage: the one before with its uppermost frozen block set free. */
export function nextStage(design: Design, model: DesignModel): DesignStage {
  const last = design.at(-1)!;
  const parts = modelParts(last.rules, model).filter(({ kind, frozen }) => kind !== 'head' && frozen === 1);
  const top = parts.at(-1);
  return {
    epoch: last.epoch + 1,
    rules: top ? setFrozen(last.rules, [top.key], false, model) : last.rules,
  };
}

function writeRules({ preset, embeddings, blocks, heads, parameters }: FreezeRulesLike): WrittenRules {
  if (preset) return { preset };
  return {
    embeddings,
    blocks,
    ...(heads.length > 0 && { heads: [...heads] }),
    ...(parameters.length > 0 && { parameters: [...parameters] }),
  };
}

/** A design as a definition writes it. */
export function writeDesign([start, ...later]: Design): WrittenRules {
  const schedule = later.map(({ epoch, rules }) => ({ epoch, ...writeRules(rules) }));
  return { ...writeRules(start.rules), ...(schedule.length > 0 && { schedule }) };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function readRules(json: Record<string, unknown>): FreezeRulesLike {
  if (typeof json.preset === 'string') return presetRules(json.preset);
  return {
    preset: null,
    embeddings: json.embeddings === true,
    blocks: typeof json.blocks === 'number' ? json.blocks : 0,
    heads: texts(json.heads),
    parameters: texts(json.parameters),
  };
}

/** Reads rules as a definition or the API has them; what is none freezes nothing. */
export function readDesign(json: unknown): Design {
  if (!isRecord(json)) return [{ epoch: 1, rules: presetRules('full') }];
  const later = Array.isArray(json.schedule) ? json.schedule.filter(isRecord) : [];
  return [
    { epoch: 1, rules: readRules(json) },
    ...later.map((stage) => ({ epoch: Number(stage.epoch), rules: readRules(stage) })),
  ];
}

/** Bytes of parameters, gradients and Adam's two moments in 32-bit numbers: the least that training takes. */
export function leastBytes(parts: readonly ModelPart[]): number | null {
  let bytes = 0;
  for (const { parameters, frozen } of parts) {
    if (parameters === null) return null;
    bytes += 4 * parameters + 12 * parameters * (1 - frozen);
  }
  return bytes;
}

/** Rules in words. */
export function rulesText(rules: FreezeRulesLike): string {
  if (rules.preset) return rules.preset;
  const { embeddings, blocks, heads, parameters } = rules;
  const parts = [
    embeddings && 'embeddings',
    blocks > 0 && (blocks === 1 ? 'first block' : `first ${blocks} blocks`),
    heads.length > 0 && `${heads.length === 1 ? 'head' : 'heads'} ${heads.join(', ')}`,
    parameters.length > 0 && parameters.join(', '),
  ].filter(Boolean);
  return parts.length === 0 ? 'freezes nothing' : `freezes ${parts.join(' · ')}`;
}
