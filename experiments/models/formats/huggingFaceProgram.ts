import {
  add,
  cast,
  cumsum,
  div,
  fill,
  gather,
  maximum,
  mul,
  reshape,
  scalar,
  sqrt,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';

import type { ConstantTensor, InputDeclaration, Program } from '../../runtime/program.js';
import type { BackboneConfig } from '../config.js';
import { Encoder } from '../encoder.js';
import { head } from '../head.js';
import { modelLayout, type HeadShape } from '../layout.js';
import type { HostTensor } from '../safetensors.js';

/** Names of the program's outputs: as Hugging Face's exporters call them. */
export const hiddenStateOutput = 'last_hidden_state';
export const embeddingOutput = 'sentence_embedding';

/** Name of the output that holds a task's logits. */
export function taskLogitsOutput(task: string): string {
  return `logits_${task}`;
}

export interface HuggingFaceProgram {
  config: BackboneConfig;
  /** Whether embeddings have length 1. */
  normalize: boolean;
  /** Heads that are part of it; none for the encoder alone. */
  tasks: readonly HeadShape[];
  tensors: ReadonlyMap<string, HostTensor>;
}

/**
 * The model as other programs know it: from token ids and an attention mask, padded, to hidden states, the sentence's embedding and
 * logits. The encoder is the one that trains; here its tokens are the whole padded grid, and tables are looked up inside.
 */
export function huggingFaceProgram({ config, normalize, tasks, tensors }: HuggingFaceProgram): Program {
  const ids: InputDeclaration = { shape: ['batch_size', 'sequence_length'], dtype: 'int32' };
  const constants = modelLayout(config, tasks).map(({ name }): [string, ConstantTensor] => [
    name,
    tensors.get(name) as ConstantTensor,
  ]);
  return {
    name: `${config.family} from token ids`,
    inputs: {
      input_ids: ids,
      attention_mask: ids,
      ...(config.typeVocabSize > 0 ? { token_type_ids: ids } : {}),
    },
    constants: Object.fromEntries(constants),
    differentiate: [],
    forward(tensors) {
      const lookup = (name: string): Tensor => tensors[name] as Tensor;
      const [sentences, length] = lookup('input_ids').shape as [number, number];
      const mask = cast(lookup('attention_mask'), 'float32');
      const encoder = new Encoder(config, lookup, () => null, {
        unpackHeads: null,
        packHeads: null,
        unpackTokens: null,
        sentenceOf: null,
        first: null,
        tokenMask: mask,
        // A row of padding alone would else be divided by zero; sentence-transformers adds as little.
        inverseCount: div(1, add(sum(mask, 1, true), 1e-9)),
      });
      let state = encoder.embed(sumTables(config, lookup));
      for (let block = 0; block < config.blocks; block++) state = encoder.block(state, block);
      const pooled = encoder.pool(state);
      const outputs: Record<string, Tensor> = {
        [hiddenStateOutput]: reshape(state, [sentences, length, config.hiddenSize]),
        [embeddingOutput]: normalize ? l2Normalise(pooled) : pooled,
      };
      for (const { name } of tasks) outputs[taskLogitsOutput(name)] = head(pooled, name, lookup, () => null);
      return { outputs };
    },
  };
}

/** Word + type + position embedding of every token, [batch·length, H]. */
function sumTables(config: BackboneConfig, lookup: (name: string) => Tensor): Tensor {
  const ids = lookup('input_ids');
  const [sentences, length] = ids.shape as [number, number];
  const rows = (table: string, of: Tensor): Tensor =>
    gather(lookup(`backbone.embeddings.${table}.weight`), reshape(of, [sentences * length]) as Tensor1D);
  const words = rows('word_embeddings', ids);
  const typed =
    config.typeVocabSize > 0 ? add(words, rows('token_type_embeddings', lookup('token_type_ids'))) : words;
  const positions = sub(cumsum(fill([sentences, length], 1, 'int32'), 1), scalar(1, 'int32'));
  return add(typed, rows('position_embeddings', positions));
}

/** x / ‖x‖₂, as torch.nn.functional.normalize. */
function l2Normalise(x: Tensor): Tensor {
  return div(x, maximum(sqrt(sum(mul(x, x), -1, true)), 1e-12));
}
