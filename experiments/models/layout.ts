import type { BackboneConfig } from './config.js';

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

/** The backbone's part of the layout. */
export function backboneLayout(config: BackboneConfig): ParameterInfo[] {
  const { hiddenSize: hidden } = config;
  const embeddings: [string, number[]][] = [['word_embeddings.weight', [config.vocabSize, hidden]]];
  embeddings.push(['position_embeddings.weight', [config.maxPositions, hidden]]);
  if (config.typeVocabSize > 0)
    embeddings.push(['token_type_embeddings.weight', [config.typeVocabSize, hidden]]);
  embeddings.push(['LayerNorm.weight', [hidden]], ['LayerNorm.bias', [hidden]]);

  const layout: ParameterInfo[] = embeddings.map(([name, shape]) => ({
    name: `backbone.embeddings.${name}`,
    shape,
    group: 'embeddings',
    block: null,
    task: null,
  }));
  const stack = config.family === 'bert' ? 'encoder' : 'transformer';
  const tensors = config.family === 'bert' ? bertBlock(config) : distilbertBlock(config);
  for (let block = 0; block < config.blocks; block++) {
    for (const [name, shape] of tensors) {
      layout.push({
        name: `backbone.${stack}.layer.${block}.${name}`,
        shape,
        group: 'block',
        block,
        task: null,
      });
    }
  }
  return layout;
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

function bertBlock({ hiddenSize: hidden, intermediateSize: inner }: BackboneConfig): [string, number[]][] {
  return [
    ...linear('attention.self.query', hidden, hidden),
    ...linear('attention.self.key', hidden, hidden),
    ...linear('attention.self.value', hidden, hidden),
    ...linear('attention.output.dense', hidden, hidden),
    ...layerNorm('attention.output.LayerNorm', hidden),
    ...linear('intermediate.dense', hidden, inner),
    ...linear('output.dense', inner, hidden),
    ...layerNorm('output.LayerNorm', hidden),
  ];
}

function distilbertBlock({
  hiddenSize: hidden,
  intermediateSize: inner,
}: BackboneConfig): [string, number[]][] {
  return [
    ...linear('attention.q_lin', hidden, hidden),
    ...linear('attention.k_lin', hidden, hidden),
    ...linear('attention.v_lin', hidden, hidden),
    ...linear('attention.out_lin', hidden, hidden),
    ...layerNorm('sa_layer_norm', hidden),
    ...linear('ffn.lin1', hidden, inner),
    ...linear('ffn.lin2', inner, hidden),
    ...layerNorm('output_layer_norm', hidden),
  ];
}

function linear(name: string, from: number, to: number): [string, number[]][] {
  return [
    [`${name}.weight`, [to, from]],
    [`${name}.bias`, [to]],
  ];
}

function layerNorm(name: string, size: number): [string, number[]][] {
  return [
    [`${name}.weight`, [size]],
    [`${name}.bias`, [size]],
  ];
}
