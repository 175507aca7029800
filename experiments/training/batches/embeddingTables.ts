import type { BackboneConfig } from '../../models/config.js';
import type { PackedBatch } from './packedBatch.js';
import { wordEmbeddings, type ParameterStore } from '../optimizer/parameterStore.js';

const positionEmbeddings = 'backbone.embeddings.position_embeddings.weight';
const typeEmbeddings = 'backbone.embeddings.token_type_embeddings.weight';

/**
 * The lookup tables below the encoder. A step uses a few rows of them, so they are summed and their gradients scattered here rather
 * than in the graph: the graph begins with the summed rows of a batch's tokens.
 */
export class EmbeddingTables {
  readonly #width: number;
  /** The word whose row stands still in training, as in PyTorch's nn.Embedding; null for none. */
  readonly #paddingId: number | null;
  readonly #words: Float32Array;
  readonly #positions: Float32Array;
  /** The row of token type 0, the only one that single sentences use; absent in families without types. */
  readonly #type: Float32Array | undefined;

  /** @param table looks a table's values up, trained or frozen */
  constructor(config: BackboneConfig, table: (name: string) => Float32Array) {
    this.#width = config.hiddenSize;
    this.#paddingId = config.paddingId;
    this.#words = table(wordEmbeddings);
    this.#positions = table(positionEmbeddings);
    if (config.typeVocabSize > 0) this.#type = table(typeEmbeddings).subarray(0, this.#width);
  }

  /** Word + type + position embedding of every packed token. @param out [tokens, H] */
  sum(batch: PackedBatch, out: Float32Array): void {
    const width = this.#width;
    const [words, positions, type] = [this.#words, this.#positions, this.#type];
    for (let token = 0; token < batch.tokens; token++) {
      const word = (batch.ids[token] as number) * width;
      const position = (batch.positions[token] as number) * width;
      const target = token * width;
      for (let column = 0; column < width; column++) {
        const base =
          type === undefined ? words[word + column]! : Math.fround(words[word + column]! + type[column]!);
        out[target + column] = base + positions[position + column]!;
      }
    }
  }

  /** Adds the gradient of the summed rows [tokens, H] to those tables that are trained, times `scale`. */
  scatter(batch: PackedBatch, gradient: Float32Array, store: ParameterStore, scale: number): void {
    const words = store.get(wordEmbeddings);
    const positions = store.get(positionEmbeddings);
    const types = store.get(typeEmbeddings);
    for (let token = 0; token < batch.tokens; token++) {
      const source = gradient.subarray(token * this.#width, (token + 1) * this.#width);
      const id = batch.ids[token] as number;
      if (words !== undefined && id !== this.#paddingId) {
        words.touched?.add(id);
        addRow(words.gradient.data, id, source, scale);
      }
      if (positions !== undefined)
        addRow(positions.gradient.data, batch.positions[token] as number, source, scale);
      if (types !== undefined) addRow(types.gradient.data, 0, source, scale);
    }
  }

  /** Sets the gradients that `scatter` wrote for these batches back to zero. */
  clear(batches: readonly PackedBatch[], store: ParameterStore): void {
    store.get(positionEmbeddings)?.gradient.data.fill(0);
    store.get(typeEmbeddings)?.gradient.data.fill(0);
    const words = store.get(wordEmbeddings)?.gradient.data;
    if (words === undefined) return;
    for (const { ids } of batches)
      for (const id of ids) words.fill(0, id * this.#width, (id + 1) * this.#width);
  }
}

/** Names of the tables; they are parameters of the model but never inputs of a graph. */
export const embeddingTableNames: readonly string[] = [wordEmbeddings, positionEmbeddings, typeEmbeddings];

function addRow(table: Float32Array, row: number, source: Float32Array, scale: number): void {
  const start = row * source.length;
  for (let column = 0; column < source.length; column++) {
    table[start + column] = table[start + column]! + source[column]! * scale;
  }
}
