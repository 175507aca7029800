import type { Tensor } from '@tensorflow/tfjs-core';

import type { InputDeclaration } from '../runtime/program.js';
import type { BackboneConfig } from './config.js';
import type { EncoderInputs } from './encoder.js';

/** Names of what an encoder is fed besides its first hidden state. */
export type EncoderFeed =
  | 'unpackHeads'
  | 'packHeads'
  | 'unpackTokens'
  | 'sentenceOf'
  | 'tokenMask'
  | 'inverseCount'
  | 'firstToken'
  | 'isFirst'
  | 'distances';

/** What an encoder is fed besides its first hidden state. */
export function encoderInputs({
  attentionHeads,
  distanceBuckets,
}: BackboneConfig): Partial<Record<EncoderFeed, InputDeclaration>> {
  return {
    unpackHeads: { shape: [`${attentionHeads}*sentences*length`], dtype: 'int32' },
    packHeads: { shape: [`${attentionHeads}*tokens`], dtype: 'int32' },
    unpackTokens: { shape: ['sentences*length'], dtype: 'int32' },
    sentenceOf: { shape: ['tokens'], dtype: 'int32' },
    tokenMask: { shape: ['sentences', 'length'], dtype: 'float32' },
    inverseCount: { shape: ['sentences', 1], dtype: 'float32' },
    firstToken: { shape: ['sentences'], dtype: 'int32' },
    isFirst: { shape: ['tokens', 1], dtype: 'float32' },
    ...(distanceBuckets === null ? {} : { distances: { shape: ['length*length'], dtype: 'int32' } }),
  };
}

/** The inputs of `encoderInputs`, as the encoder takes them. */
export function encoderTensors(
  { distanceBuckets }: BackboneConfig,
  lookup: (name: EncoderFeed) => Tensor,
): EncoderInputs {
  return {
    unpackHeads: lookup('unpackHeads'),
    packHeads: lookup('packHeads'),
    unpackTokens: lookup('unpackTokens'),
    sentenceOf: lookup('sentenceOf'),
    tokenMask: lookup('tokenMask'),
    inverseCount: lookup('inverseCount'),
    first: { rows: lookup('firstToken'), isFirst: lookup('isFirst') },
    distances: distanceBuckets === null ? null : lookup('distances'),
  };
}
