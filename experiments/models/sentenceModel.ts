import type { Tensor } from '@tensorflow/tfjs-core';
import type { Precision } from '../runtime/precision.js';
import type { ConstantTensor, InputDeclaration, Program } from '../runtime/program.js';
import type { BackboneConfig } from './config.js';
import { Encoder, type DropoutSite, type MaskLookup } from './encoder.js';
import { encoderInputs, encoderTensors, gridsOf, gridSymbols, type GridCount } from './encoderInputs.js';
import { head } from './head.js';
import { familyOf } from './families/families.js';
import { layersOf } from './layers.js';
import {
  backboneLayout,
  distanceBias,
  embeddingTableNames,
  headLayout,
  type ParameterInfo,
} from './layout.js';
import { combine } from './ops/combine.js';
import { crossEntropy } from './ops/crossEntropy.js';

export interface TaskShape {
  name: string;
  classes: string[];
  hidden: number;
}

/** Rates at which the trainable part drops elements: attention probabilities, hidden states, and the heads' hidden layer. */
export interface DropoutRates {
  attention: number;
  hidden: number;
  head: number;
}

/** A place where elements are dropped, the rate, and the shape of the mask that it takes. */
export interface MaskSite {
  site: DropoutSite;
  rate: number;
  shape: InputDeclaration['shape'];
}

export interface MaskSiteOptions {
  span: Span;
  rates: DropoutRates;
  grids: GridCount;
  active(site: DropoutSite): boolean;
}

/** How far up the model a program begins and ends: 0 the summed embeddings, 1 + k the output of block k - 1 (1: of the embeddings), blocks + 1 (`pooled`) after pooling. */
export interface Span {
  from: number;
  to: number | 'logits';
}

export interface SentenceProgram {
  config: BackboneConfig;
  tasks: readonly TaskShape[];
  span: Span;
  /** Parameters that are fed at every run; all others of the span are constants taken from `weights`. */
  fed: ReadonlySet<string>;
  weights: ReadonlyMap<string, ConstantTensor>;
  /** What linear layers of constant weights compute in; `float32` when absent. */
  precision?: Precision;
  /** Parameters (a subset of `fed`) whose gradients are wanted; `hidden` stands for the first hidden state. */
  differentiate: readonly string[];
  /** Into how many grids attention lays a batch; one when absent. */
  grids?: GridCount;
  /** Where elements are dropped; each site adds an input for its mask. */
  masks: readonly MaskSite[];
  /** Whether the loss is computed from `targets:<task>`. */
  withLoss: boolean;
}

/** Name of the input that holds the state at the boundary a program begins at: packed tokens [tokens, H], or pooled [sentences, H]. */
export const hiddenInput = 'hidden';

/** Name of the output of a program that ends below the heads. */
export const stateOutput = 'state';

export function targetsInput(task: string): string {
  return `targets:${task}`;
}

export function logitsOutput(task: string): string {
  return `logits:${task}`;
}

/** Name of the input that holds a dropout mask. */
export function maskInput(site: DropoutSite): string {
  switch (site.part) {
    case 'embeddings':
      return 'dropout:embeddings';
    case 'head':
      return `dropout:head:${site.task}`;
    case 'attention':
      return `dropout:block${site.layer}:attention${site.grid === 'all' ? '' : `:${site.grid}`}`;
    case 'attentionOutput':
    case 'feedForward':
      return `dropout:block${site.layer}:${site.part}`;
  }
}

/** The parameters that a program over a span works with, in layout order. Summing the embedding tables is not part of any span. */
export function spanParameters(
  config: BackboneConfig,
  tasks: readonly TaskShape[],
  span: Span,
): ParameterInfo[] {
  const last = span.to === 'logits' ? config.blocks + 1 : span.to;
  const backbone = backboneLayout(config).filter(({ group, block, name }) => {
    if (embeddingTableNames.includes(name)) return false;
    if (name === distanceBias) return Math.max(span.from, 1) <= Math.min(last - 1, config.blocks);
    if (group === 'embeddings') return span.from === 0 && last >= 1;
    return (block as number) + 1 >= span.from && (block as number) + 2 <= last;
  });
  const heads = span.to === 'logits' ? tasks.flatMap((task) => headLayout(config, task)) : [];
  return [...backbone, ...heads];
}

/** The sites of a span that drop elements: those with a rate above zero, in the modules that `active` accepts. */
export function maskSites(
  config: BackboneConfig,
  tasks: readonly TaskShape[],
  { span, rates, grids, active }: MaskSiteOptions,
): MaskSite[] {
  const hidden = ['tokens', config.hiddenSize] as const;
  const { drops } = familyOf(config);
  const sites: MaskSite[] = [];
  if (span.from === 0) {
    const shape = ['tokens', config.embeddingSize];
    sites.push({ site: { part: 'embeddings' }, rate: rates.hidden, shape });
  }
  for (let block = Math.max(0, span.from - 1); block < config.blocks; block++) {
    for (const { index: layer } of layersOf(config, block)) {
      for (const grid of gridsOf(grids)) {
        const { sentences, length } = gridSymbols(grid);
        const shape = [sentences, config.attentionHeads, length, length];
        sites.push({ site: { part: 'attention', block, layer, grid }, rate: rates.attention, shape });
      }
      for (const part of ['attentionOutput', 'feedForward'] as const)
        if (drops[part]) sites.push({ site: { part, block, layer }, rate: rates.hidden, shape: hidden });
    }
  }
  for (const { name, hidden: width } of tasks) {
    sites.push({ site: { part: 'head', task: name }, rate: rates.head, shape: ['sentences', width] });
  }
  return sites.filter(({ site, rate }) => rate > 0 && active(site));
}

/** The sentence model (encoder, pooling, heads, loss), or the part of it that a span names, as a program for any runtime. */
export function sentenceProgram(options: SentenceProgram): Program {
  const {
    config,
    tasks,
    span,
    fed,
    weights,
    precision = 'float32',
    differentiate,
    grids = 1,
    masks,
    withLoss,
  } = options;
  const pooledFrom = config.blocks + 1;
  const inputs: Record<string, InputDeclaration> = {
    [hiddenInput]: {
      shape: [
        span.from === pooledFrom ? 'sentences' : 'tokens',
        span.from === 0 ? config.embeddingSize : config.hiddenSize,
      ],
      dtype: 'float32',
    },
  };
  if (span.from < pooledFrom) Object.assign(inputs, encoderInputs(config, grids));
  for (const { site, shape } of masks) inputs[maskInput(site)] = { shape, dtype: 'float32' };
  const constants: Record<string, ConstantTensor> = {};
  for (const { name, shape } of spanParameters(config, tasks, span)) {
    if (fed.has(name)) inputs[name] = { shape, dtype: 'float32' };
    else constants[name] = weights.get(name) as ConstantTensor;
  }
  if (withLoss) {
    for (const { name, classes } of tasks) {
      inputs[targetsInput(name)] = { shape: ['sentences', classes.length], dtype: 'float32' };
    }
  }

  const masked = new Set(masks.map(({ site }) => maskInput(site)));
  return {
    name: `${config.family} ${span.from}-${span.to}`,
    few: ['sentences'],
    inputs,
    constants,
    precision,
    differentiate,
    forward(tensors) {
      const lookup = (name: string): Tensor => tensors[name] as Tensor;
      const mask: MaskLookup = (site) => (masked.has(maskInput(site)) ? lookup(maskInput(site)) : null);
      const state = encodeSpan(config, span, grids, lookup, mask);
      if (span.to !== 'logits') return { outputs: { [stateOutput]: state } };
      const outputs: Record<string, Tensor> = {};
      let loss: Tensor | undefined;
      for (const { name } of tasks) {
        const logits = head(state, name, lookup, mask);
        outputs[logitsOutput(name)] = logits;
        if (!withLoss) continue;
        const taskLoss = crossEntropy(logits, lookup(targetsInput(name)));
        loss = loss === undefined ? taskLoss : combine(loss, taskLoss);
      }
      return loss === undefined ? { outputs } : { loss, outputs };
    },
  };
}

function encodeSpan(
  config: BackboneConfig,
  span: Span,
  grids: GridCount,
  lookup: (name: string) => Tensor,
  mask: MaskLookup,
): Tensor {
  const pooledAt = config.blocks + 1;
  let state = lookup(hiddenInput);
  if (span.from === pooledAt) return state;
  const encoder = new Encoder(config, lookup, mask, encoderTensors(config, lookup, grids));
  const last = span.to === 'logits' ? pooledAt : span.to;
  if (span.from === 0) state = encoder.embed(state);
  for (let block = Math.max(0, span.from - 1); block < Math.min(config.blocks, last - 1); block++) {
    state = encoder.block(state, block);
  }
  return last === pooledAt ? encoder.pool(state) : state;
}
