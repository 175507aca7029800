import { badInput } from '../errors.js';
import { sizeOf, type ParameterInfo } from '../models/layout.js';
import type { FreezeChoice, FreezeParts, FreezePreset, FreezeRules } from '../schema/types.js';
import { matchPattern } from './patterns.js';

export interface FreezeSummary {
  /** For people, such as `embeddings + 3 of 6 blocks, head sentiment`. */
  label: string;
  preset: FreezePreset | null;
  /** Blocks frozen without a gap, counted from the bottom. */
  frozenBlocks: number;
  totalBlocks: number;
  embeddingsFrozen: boolean;
  frozenHeads: string[];
  /** Trainable parameters over all parameters, 0 to 1. */
  trainableShare: number;
}

/** What a set of freeze rules comes to for one model. */
export interface FreezePlan {
  frozen: Set<string>;
  trainable: Set<string>;
  trainableParameters: number;
  totalParameters: number;
  /** How far up everything is frozen: 0 not at all, 1 the embeddings, 1 + k embeddings and k blocks, blocks + 1 the backbone. */
  boundary: number;
  summary: FreezeSummary;
}

/** Applies freeze rules to a model's parameters. A rule that matches nothing is an error that names what exists. */
export function planFreeze(
  rules: FreezeChoice,
  layout: readonly ParameterInfo[],
  path = 'freeze',
): FreezePlan {
  const blocks = countBlocks(layout);
  const tasks = [...new Set(layout.flatMap(({ task }) => task ?? []))];
  const parts = 'preset' in rules ? presetParts(rules.preset, blocks, tasks) : rules;
  check(parts, layout, blocks, tasks, path);

  const frozen = new Set<string>();
  const trainable = new Set<string>();
  let trainableParameters = 0;
  let totalParameters = 0;
  for (const parameter of layout) {
    const size = sizeOf(parameter.shape);
    totalParameters += size;
    if (isFrozen(parameter, parts)) {
      frozen.add(parameter.name);
    } else {
      trainable.add(parameter.name);
      trainableParameters += size;
    }
  }

  const boundary = findBoundary(layout, trainable, blocks);
  const preset = 'preset' in rules ? rules.preset : null;
  const embeddingsFrozen = layout.every(({ group, name }) => group !== 'embeddings' || frozen.has(name));
  const frozenHeads = tasks.filter((task) =>
    layout.every((info) => info.task !== task || frozen.has(info.name)),
  );
  const frozenBlocks = blockIsFrozen(layout, frozen, blocks);
  const summary: FreezeSummary = {
    label: '',
    preset,
    frozenBlocks,
    totalBlocks: blocks,
    embeddingsFrozen,
    frozenHeads,
    trainableShare: totalParameters === 0 ? 0 : trainableParameters / totalParameters,
  };
  summary.label = describe(summary, frozen, layout);
  return { frozen, trainable, trainableParameters, totalParameters, boundary, summary };
}

/** A plan and the epoch (from 1) that it begins with. */
export interface FreezeStagePlan {
  epoch: number;
  plan: FreezePlan;
}

/** The plans that a run goes through: that of the rules, and one for each stage of their schedule. */
export function planFreezeStages(rules: FreezeRules, layout: readonly ParameterInfo[]): FreezeStagePlan[] {
  const later = (rules.schedule ?? []).map((stage, index) => ({
    epoch: stage.epoch,
    plan: planFreeze(stage, layout, `freeze.schedule.${index}`),
  }));
  return [{ epoch: 1, plan: planFreeze(rules, layout) }, ...later];
}

/** A preset, spelled out for a model of so many blocks and these tasks. */
export function presetParts(preset: FreezePreset, blocks: number, tasks: readonly string[]): FreezeParts {
  switch (preset) {
    case 'full':
      return { embeddings: false, blocks: 0, heads: [], parameters: [] };
    case 'head-only':
      return { embeddings: true, blocks, heads: [], parameters: [] };
    case 'frozen':
      return { embeddings: true, blocks, heads: [...tasks], parameters: [] };
  }
}

function isFrozen(parameter: ParameterInfo, parts: FreezeParts): boolean {
  const byPart =
    (parameter.group === 'embeddings' && parts.embeddings) ||
    (parameter.block !== null && parameter.block < parts.blocks) ||
    (parameter.task !== null && parts.heads.includes(parameter.task));
  return byPart || parts.parameters.some((pattern) => matchPattern(pattern, parameter.name));
}

function check(
  parts: FreezeParts,
  layout: readonly ParameterInfo[],
  blocks: number,
  tasks: readonly string[],
  at: string,
): void {
  if (parts.blocks > blocks) {
    const path = `${at}.blocks`;
    throw badInput(
      `${path}: expected at most ${blocks}, the number of blocks the model has, got ${parts.blocks}`,
      { path },
    );
  }
  for (const [index, head] of parts.heads.entries()) {
    if (tasks.includes(head)) continue;
    const path = `${at}.heads.${index}`;
    throw badInput(`${path}: expected one of the tasks ${tasks.join(', ')}, got ${JSON.stringify(head)}`, {
      path,
    });
  }
  for (const [index, pattern] of parts.parameters.entries()) {
    if (layout.some(({ name }) => matchPattern(pattern, name))) continue;
    const path = `${at}.parameters.${index}`;
    throw badInput(
      `${path}: expected a pattern that matches a parameter, got ${JSON.stringify(pattern)}; there are ${namePatterns(layout)}`,
      { path },
    );
  }
}

/** Patterns that together name every parameter: the embeddings, the first and the last block, each head. */
function namePatterns(layout: readonly ParameterInfo[]): string {
  const last = countBlocks(layout) - 1;
  const patterns = layout.flatMap(({ name, group, block, task }) => {
    if (group === 'embeddings')
      return name.startsWith('backbone.embeddings.') ? ['backbone.embeddings.*'] : [name];
    if (task !== null) return [`heads.${task}.*`];
    if (block !== 0) return [];
    const stack = name.slice(0, name.indexOf('.0.'));
    return [last === 0 ? `${stack}.0.*` : `${stack}.0.* to ${stack}.${last}.*`];
  });
  return [...new Set(patterns)].join(', ');
}

function countBlocks(layout: readonly ParameterInfo[]): number {
  return layout.reduce((count, { block }) => Math.max(count, (block ?? -1) + 1), 0);
}

function findBoundary(layout: readonly ParameterInfo[], trainable: Set<string>, blocks: number): number {
  let boundary = blocks + 1;
  for (const { name, group, block } of layout) {
    if (group === 'head' || !trainable.has(name)) continue;
    boundary = Math.min(boundary, block === null ? 0 : 1 + block);
  }
  return boundary;
}

function blockIsFrozen(layout: readonly ParameterInfo[], frozen: Set<string>, blocks: number): number {
  const open = layout
    .filter(({ name, block }) => block !== null && !frozen.has(name))
    .map(({ block }) => block as number);
  return Math.min(blocks, ...open);
}

function describe(summary: FreezeSummary, frozen: Set<string>, layout: readonly ParameterInfo[]): string {
  if (frozen.size === 0) return 'full';
  if (frozen.size === layout.length) return 'frozen';
  const { frozenBlocks, totalBlocks, embeddingsFrozen, frozenHeads } = summary;
  const named = layout.filter(
    ({ name, group, block, task }) =>
      frozen.has(name) &&
      !(group === 'embeddings' && embeddingsFrozen) &&
      !(block !== null && block < frozenBlocks) &&
      !(task !== null && frozenHeads.includes(task)),
  ).length;
  const backboneFrozen = embeddingsFrozen && frozenBlocks === totalBlocks;
  if (backboneFrozen && frozenHeads.length === 0 && named === 0) return 'head-only';
  const parts: string[] = [];
  if (backboneFrozen) parts.push('backbone');
  else {
    if (embeddingsFrozen) parts.push('embeddings');
    if (frozenBlocks > 0) parts.push(`${frozenBlocks} of ${totalBlocks} blocks`);
  }
  if (frozenHeads.length > 0)
    parts.push(`${frozenHeads.length === 1 ? 'head' : 'heads'} ${frozenHeads.join(', ')}`);
  if (named > 0)
    parts.push(`${named}${parts.length === 0 ? '' : ' more'} ${named === 1 ? 'tensor' : 'tensors'}`);
  return `${parts.join(' + ')} frozen`;
}
