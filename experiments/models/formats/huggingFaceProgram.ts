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
  step,
  sub,
  sum,
  tensor1d,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';

import type { ConstantTensor, InputDeclaration, Program } from '../../runtime/program.js';
import type { BackboneConfig } from '../config.js';
import { distanceBuckets } from '../distanceBuckets.js';
import { Encoder } from '../encoder.js';
import { familyOf } from '../families/families.js';
import { head } from '../head.js';
import {
  modelLayout,
  positionEmbeddings,
  typeEmbeddings,
  wordEmbeddings,
  type HeadShape,
} from '../layout.js';
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
      ...(familyOf(config).takesTypeIds ? { token_type_ids: ids } : {}),
    },
    constants: Object.fromEntries(constants),
    differentiate: [],
    forward(tensors) {
      const lookup = (name: string): Tensor => tensors[name] as Tensor;
      const [sentences, length] = lookup('input_ids').shape as [number, number];
      const mask = cast(lookup('attention_mask'), 'float32');
      const encoder = new Encoder(config, lookup, () => null, {
        grids: [
          {
            name: 'all',
            unpackHeads: null,
            tokenMask: mask,
            distances: config.distanceBuckets === null ? null : distances(config, length),
          },
        ],
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

/** Word + type + position embedding of every token, [batch·length, E]. */
function sumTables(config: BackboneConfig, lookup: (name: string) => Tensor): Tensor {
  const ids = lookup('input_ids');
  const [sentences, length] = ids.shape as [number, number];
  const rows = (table: string, of: Tensor): Tensor =>
    gather(lookup(table), reshape(of, [sentences * length]) as Tensor1D);
  let summed = rows(wordEmbeddings, ids);
  if (config.typeVocabSize > 0) {
    const types = familyOf(config).takesTypeIds
      ? rows(typeEmbeddings, lookup('token_type_ids'))
      : gather(lookup(typeEmbeddings), tensor1d([0], 'int32'));
    summed = add(summed, types);
  }
  return add(summed, rows(positionEmbeddings, positionsOf(config, ids)));
}

/** The row of the table of positions that each token has, [batch, length]. */
function positionsOf({ positionPadding }: BackboneConfig, ids: Tensor): Tensor {
  if (positionPadding === null) {
    const ones = fill(ids.shape as [number, number], 1, 'int32');
    return sub(cumsum(ones, 1), scalar(1, 'int32'));
  }
  const difference = sub(cast(ids, 'float32'), positionPadding);
  const counts = step(mul(difference, difference)); // 0 for padding, 1 for all others
  return cast(add(mul(cumsum(counts, 1), counts), positionPadding), 'int32');
}

/** The bucket of the distance between each two positions, [length·length]: those of all lengths are there, and looked up. */
function distances({ distanceBuckets: buckets, maxPositions }: BackboneConfig, length: number): Tensor {
  const all = distanceBuckets(maxPositions, buckets as number);
  const ahead = all.subarray(0, maxPositions); // from the first position
  const behind = Int32Array.from(
    { length: maxPositions - 1 },
    (_, at) => all[(maxPositions - 1 - at) * maxPositions],
  );
  const byDistance = tensor1d(Int32Array.from([...behind, ...ahead]), 'int32');
  const positions = cumsum(fill([length], 1, 'int32'), 0);
  const difference = sub(reshape(positions, [1, length]), reshape(positions, [length, 1]));
  const place = add(difference, scalar(maxPositions - 1, 'int32'));
  return gather(byDistance, reshape(place, [length * length]) as Tensor1D);
}

/** x / ‖x‖₂, as torch.nn.functional.normalize. */
function l2Normalise(x: Tensor): Tensor {
  return div(x, maximum(sqrt(sum(mul(x, x), -1, true)), 1e-12));
}
