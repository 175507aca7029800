import type { BackboneConfig } from './config.js';
import { familyOf } from './families/families.js';
import { layerTensors, type LayerTensors } from './layers.js';

/** One trainable tensor of the model: what it is called, its shape, and where it sits. */
export interface ParameterInfo {
  name: string;
  shape: number[];
  group: 'embeddings' | 'block' | 'head';
  /** Index of the transformer block, for group `block`. */
  block: number | null;
  /** Name of the task, for group `head`. */
  task: string | null;
}

/** What the layout has to know about a task. */
export interface HeadShape {
  name: string;
  classes: string[];
  hidden: number;
}

/**
 * Every parameter of the model in the order of the forward pass, named as Hugging Face and PyTorch name them
 * (`backbone.` before the backbone's, `heads.<task>.` before a head's). BERT's pooler is not part of the model.
 */
export function modelLayout(config: BackboneConfig, tasks: readonly HeadShape[]): ParameterInfo[] {
  return [...backboneLayout(config), ...tasks.flatMap((task) => headLayout(config, task))];
}

/** The lookup tables. They are parameters, but programs are fed what is looked up in them. */
export const wordEmbeddings = 'backbone.embeddings.word_embeddings.weight';
export const positionEmbeddings = 'backbone.embeddings.position_embeddings.weight';
export const typeEmbeddings = 'backbone.embeddings.token_type_embeddings.weight';
export const embeddingTableNames: readonly string[] = [wordEmbeddings, positionEmbeddings, typeEmbeddings];

/** The bias of attention by distance, in families that have one: every block works with it. */
export const distanceBias = 'backbone.encoder.relative_attention_bias.weight';

/** The linear layer above narrow tables, in families that have them. */
export const embeddingMapping = 'backbone.encoder.embedding_hidden_mapping_in';

/** The backbone's part of the layout. What all blocks share counts as embeddings: it lies below the first block. */
export function backboneLayout(config: BackboneConfig): ParameterInfo[] {
  const embeddings = familyOf(config)
    .embeddings(config)
    .map(([name, shape]): ParameterInfo => ({
      name: `backbone.${name}`,
      shape,
      group: 'embeddings',
      block: null,
      task: null,
    }));
  const blocks = config.repeats.flatMap((_, block) =>
    Array.from({ length: config.layersPerBlock }, (_one, inner) =>
      layerTensors(config, block, inner),
    ).flatMap((tensors) => layerLayout(config, tensors, block)),
  );
  return [...embeddings, ...blocks];
}

/** The parameters of one head: Linear(H, hidden), ReLU, Dropout, Linear(hidden, classes), numbered as nn.Sequential does. */
export function headLayout(config: BackboneConfig, task: HeadShape): ParameterInfo[] {
  const place = { group: 'head', block: null, task: task.name } as const;
  const prefix = `heads.${task.name}`;
  return [
    { name: `${prefix}.0.weight`, shape: [task.hidden, config.hiddenSize], ...place },
    { name: `${prefix}.0.bias`, shape: [task.hidden], ...place },
    { name: `${prefix}.3.weight`, shape: [task.classes.length, task.hidden], ...place },
    { name: `${prefix}.3.bias`, shape: [task.classes.length], ...place },
  ];
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function layerLayout(
  { hiddenSize, intermediateSize }: BackboneConfig,
  tensors: LayerTensors,
  block: number,
): ParameterInfo[] {
  const weights: Record<keyof LayerTensors, number[]> = {
    query: [hiddenSize, hiddenSize],
    key: [hiddenSize, hiddenSize],
    value: [hiddenSize, hiddenSize],
    attentionOutput: [hiddenSize, hiddenSize],
    attentionNorm: [hiddenSize],
    feedForwardIn: [intermediateSize, hiddenSize],
    feedForwardOut: [hiddenSize, intermediateSize],
    outputNorm: [hiddenSize],
  };
  const place = { group: 'block', block, task: null } as const;
  return Object.entries(weights).flatMap(([part, shape]): ParameterInfo[] => {
    const name = tensors[part as keyof LayerTensors];
    return [
      { name: `${name}.weight`, shape, ...place },
      { name: `${name}.bias`, shape: shape.slice(0, 1), ...place },
    ];
  });
}
