import type { TokenizedRows } from '../../data/tokenizer.js';
import type { BackboneConfig } from '../../models/config.js';
import { hiddenInput } from '../../models/sentenceModel.js';
import type { Feeds } from '../../runtime/runtime.js';
import type { BatchSizes } from './dropoutMasks.js';
import type { EmbeddingTables } from './embeddingTables.js';
import type { FeatureEntry } from '../features/featureEntry.js';
import { packBatch, type PackedBatch } from './packedBatch.js';

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

/** What the encoder (or, above it, the heads) is fed for some rows. */
export function batchInputs(
  source: HiddenSource,
  config: BackboneConfig,
  tokenized: TokenizedRows,
  rows: readonly number[],
): BatchInputs {
  const width = config.hiddenSize;
  if (source.kind === 'pooled') {
    const data = readRows(source.entry, rows, rows.length * width);
    return {
      feeds: { [hiddenInput]: { data, shape: [rows.length, width] } },
      sizes: { tokens: 0, sentences: rows.length, length: 0 },
      packed: null,
    };
  }
  const packed = packBatch(tokenized, rows, config);
  const { tokens, sentences, length } = packed;
  const hidden =
    source.kind === 'tables'
      ? source.tables.summed(packed)
      : { data: readRows(source.entry, rows, tokens * width), shape: [tokens, width] };
  return {
    feeds: { ...packed.feeds, [hiddenInput]: hidden },
    sizes: { tokens, sentences, length },
    packed,
  };
}

function readRows(entry: FeatureEntry, rows: readonly number[], size: number): Float32Array {
  const out = new Float32Array(size);
  let at = 0;
  for (const row of rows) at += entry.read(row, out, at);
  return out;
}
