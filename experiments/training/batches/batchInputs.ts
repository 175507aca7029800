import type { TokenizedRows } from '../../data/tokenizer.js';
import type { BackboneConfig } from '../../models/config.js';
import type { GridCount } from '../../models/encoderInputs.js';
import { hiddenInput } from '../../models/sentenceModel.js';
import type { Feeds } from '../../runtime/runtime.js';
import { batchSizes, type BatchSizes } from './batchSizes.js';
import type { EmbeddingTables } from './embeddingTables.js';
import type { FeatureEntry } from '../features/featureEntry.js';
import { packBatch, type PackedBatch } from './packedBatch.js';
import type { ReusedBuffer } from './reusedBuffer.js';

/** Where the trained part of the model takes its first hidden state from. */
export type HiddenSource =
  | { kind: 'tables'; tables: EmbeddingTables }
  | { kind: 'tokens'; entry: FeatureEntry }
  | { kind: 'pooled'; entry: FeatureEntry };

export interface BatchInputs {
  feeds: Feeds;
  sizes: BatchSizes;
  /** The layout of the tokens; null where the model begins at pooled vectors. */
  packed: PackedBatch | null;
}

/** The sizes of two grids; nothing of one, which has the batch's own. */
function gridSizes(grids: PackedBatch['grids']): Partial<BatchSizes> {
  if (grids.length === 1) return {};
  const [short, long] = grids;
  return {
    shortSentences: short.sentences,
    shortLength: short.length,
    longSentences: long.sentences,
    longLength: long.length,
  };
}

/**
 * What the encoder (or, above it, the heads) is fed for some rows.
 * @param buffer takes the hidden state
 * @param grids into how many grids attention lays the rows
 */
export function batchInputs(
  source: HiddenSource,
  config: BackboneConfig,
  tokenized: TokenizedRows,
  rows: readonly number[],
  buffer: ReusedBuffer,
  grids: GridCount = 1,
): BatchInputs {
  const width = config.hiddenSize;
  if (source.kind === 'pooled') {
    const data = readRows(source.entry, rows, buffer.take(rows.length * width));
    return {
      feeds: { [hiddenInput]: { data, shape: [rows.length, width] } },
      sizes: batchSizes(rows.length),
      packed: null,
    };
  }
  const packed = packBatch(tokenized, rows, config, { grids });
  const { tokens, sentences, length } = packed;
  const hidden =
    source.kind === 'tables'
      ? source.tables.summed(packed, buffer)
      : { data: readRows(source.entry, rows, buffer.take(tokens * width)), shape: [tokens, width] };
  return {
    feeds: { ...packed.feeds, [hiddenInput]: hidden },
    sizes: batchSizes(sentences, { tokens, length, ...gridSizes(packed.grids) }),
    packed,
  };
}

function readRows(entry: FeatureEntry, rows: readonly number[], out: Float32Array): Float32Array {
  let at = 0;
  for (const row of rows) at += entry.read(row, out, at);
  return out;
}
