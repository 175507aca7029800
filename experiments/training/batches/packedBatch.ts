import type { TokenizedRows } from '../../data/tokenizer.js';
import type { BackboneConfig } from '../../models/config.js';
import { distanceBuckets } from '../../models/distanceBuckets.js';
import type { EncoderFeed } from '../../models/encoderInputs.js';
import type { TensorBuffer } from '../../runtime/runtime.js';

/**
 * Some rows of a dataset laid out for the encoder: the tokens of all sentences one after another without padding (`tokens` of them),
 * and the gather indices between that packed form and the padded grid (`sentences` × `length`) that attention and pooling need.
 */
export interface PackedBatch {
  rows: readonly number[];
  tokens: number;
  sentences: number;
  length: number;
  /** [tokens] token ids and positions within their sentence. */
  ids: Int32Array;
  positions: Int32Array;
  /** [sentences + 1] where each sentence's tokens begin. */
  starts: Int32Array;
  /** What the encoder is fed besides its first hidden state; see `encoderInputs`. */
  feeds: Partial<Record<EncoderFeed, TensorBuffer>>;
}

/**
 * Lays out the given rows, in the given order, for an encoder.
 * @param shortest the grid is at least so long, whatever its sentences are
 */
export function packBatch(
  tokenized: TokenizedRows,
  rows: readonly number[],
  {
    attentionHeads: heads,
    distanceBuckets: buckets,
  }: Pick<BackboneConfig, 'attentionHeads' | 'distanceBuckets'>,
  shortest = 0,
): PackedBatch {
  const sentences = rows.length;
  const starts = new Int32Array(sentences + 1);
  let length = shortest;
  rows.forEach((row, sentence) => {
    const count = lengthOf(tokenized, row);
    length = Math.max(length, count);
    starts[sentence + 1] = (starts[sentence] as number) + count;
  });
  const tokens = starts[sentences] as number;
  const ids = new Int32Array(tokens);
  const positions = new Int32Array(tokens);
  const sentenceOf = new Int32Array(tokens);
  const unpackTokens = new Int32Array(sentences * length);
  const tokenMask = new Float32Array(sentences * length);
  const inverseCount = new Float32Array(sentences);
  const isFirst = new Float32Array(tokens);
  const unpackHeads = new Int32Array(sentences * heads * length);
  const packHeads = new Int32Array(tokens * heads);
  rows.forEach((row, sentence) => {
    const start = starts[sentence] as number;
    const count = (starts[sentence + 1] as number) - start;
    const offset = tokenized.offsets[row] as number;
    inverseCount[sentence] = 1 / count;
    isFirst[start] = 1;
    ids.set(tokenized.ids.subarray(offset, offset + count), start);
    for (let position = 0; position < count; position++) {
      const token = start + position;
      positions[token] = position;
      sentenceOf[token] = sentence;
      unpackTokens[sentence * length + position] = token;
      tokenMask[sentence * length + position] = 1;
      for (let head = 0; head < heads; head++) {
        const slot = (sentence * heads + head) * length + position;
        unpackHeads[slot] = token * heads + head;
        packHeads[token * heads + head] = slot;
      }
    }
  });
  return {
    rows,
    tokens,
    sentences,
    length,
    ids,
    positions,
    starts,
    feeds: {
      unpackHeads: { data: unpackHeads, shape: [unpackHeads.length] },
      packHeads: { data: packHeads, shape: [packHeads.length] },
      unpackTokens: { data: unpackTokens, shape: [unpackTokens.length] },
      sentenceOf: { data: sentenceOf, shape: [tokens] },
      tokenMask: { data: tokenMask, shape: [sentences, length] },
      inverseCount: { data: inverseCount, shape: [sentences, 1] },
      firstToken: { data: starts.subarray(0, sentences), shape: [sentences] },
      isFirst: { data: isFirst, shape: [tokens, 1] },
      ...(buckets === null
        ? {}
        : { distances: { data: distanceBuckets(length, buckets), shape: [length * length] } }),
    },
  };
}

/** Number of tokens of a row. */
export function lengthOf({ offsets }: TokenizedRows, row: number): number {
  return (offsets[row + 1] as number) - (offsets[row] as number);
}

export interface BatchLimits {
  maxTokens: number;
  maxRows?: number;
}

/** Rows (all, or those of `only`) in groups of similar length within the limits; a row that is longer than the limit stands alone. */
export function batchesByLength(
  tokenized: TokenizedRows,
  { maxTokens, maxRows = Infinity }: BatchLimits,
  only?: readonly number[],
): number[][] {
  const rows = only ?? Array.from({ length: tokenized.offsets.length - 1 }, (_, row) => row);
  const sorted = [...rows].sort((a, b) => lengthOf(tokenized, a) - lengthOf(tokenized, b) || a - b);
  const batches: number[][] = [];
  let tokens = Infinity;
  for (const row of sorted) {
    const length = lengthOf(tokenized, row);
    const current = batches.at(-1);
    if (current === undefined || tokens + length > maxTokens || current.length >= maxRows) {
      batches.push([row]);
      tokens = length;
    } else {
      current.push(row);
      tokens += length;
    }
  }
  return batches;
}
