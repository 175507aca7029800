import type { TokenizedRows } from '../../data/tokenizer.js';
import type { BackboneConfig } from '../../models/config.js';
import type { EncoderFeed, GridCount } from '../../models/encoderInputs.js';
import type { PerGrid } from '../../models/ops/perGrid.js';
import type { TensorBuffer } from '../../runtime/runtime.js';
import { gridFeeds, layGrids, tokenMask, type Grid } from './attentionGrids.js';

/**
 * Some rows of a dataset laid out for the encoder: the tokens of all sentences one after another without padding (`tokens` of them),
 * and the gather indices between that packed form and the padded grid (`sentences` × `length`) that pooling needs, and attention too
 * unless it has two smaller ones.
 */
export interface PackedBatch {
  rows: readonly number[];
  tokens: number;
  sentences: number;
  length: number;
  /** The grids of attention. */
  grids: PerGrid<Grid>;
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
 * @param grids into how many grids attention lays them
 * @param shortest one grid with all sentences is at least so long, whatever they are
 */
export function packBatch(
  tokenized: TokenizedRows,
  rows: readonly number[],
  config: Pick<BackboneConfig, 'attentionHeads' | 'distanceBuckets'>,
  { grids: count = 1, shortest = 0 }: { grids?: GridCount; shortest?: number } = {},
): PackedBatch {
  const sentences = rows.length;
  const lengths = rows.map((row) => lengthOf(tokenized, row));
  const starts = new Int32Array(sentences + 1);
  lengths.forEach((length, sentence) => (starts[sentence + 1] = starts[sentence]! + length));
  const length = lengths.reduce((most, own) => Math.max(most, own), shortest);
  const tokens = starts[sentences]!;
  const ids = new Int32Array(tokens);
  const positions = new Int32Array(tokens);
  const sentenceOf = new Int32Array(tokens);
  const unpackTokens = new Int32Array(sentences * length);
  const inverseCount = new Float32Array(sentences);
  const isFirst = new Float32Array(tokens);
  rows.forEach((row, sentence) => {
    const start = starts[sentence]!;
    const own = lengths[sentence]!;
    const offset = tokenized.offsets[row]!;
    inverseCount[sentence] = 1 / own;
    isFirst[start] = 1;
    ids.set(tokenized.ids.subarray(offset, offset + own), start);
    sentenceOf.fill(sentence, start, start + own);
    for (let position = 0; position < own; position++) {
      positions[start + position] = position;
      unpackTokens[sentence * length + position] = start + position;
    }
  });
  const grids = layGrids(lengths, count, length);
  const ofGrids = gridFeeds(grids, starts, config);
  return {
    rows,
    tokens,
    sentences,
    length,
    grids,
    ids,
    positions,
    starts,
    feeds: {
      ...ofGrids,
      unpackTokens: { data: unpackTokens, shape: [unpackTokens.length] },
      sentenceOf: { data: sentenceOf, shape: [tokens] },
      // Of one grid it is that grid's.
      tokenMask:
        ofGrids.tokenMask ?? tokenMask({ members: rows.map((_, at) => at), sentences, length }, starts),
      inverseCount: { data: inverseCount, shape: [sentences, 1] },
      firstToken: { data: starts.subarray(0, sentences), shape: [sentences] },
      isFirst: { data: isFirst, shape: [tokens, 1] },
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
