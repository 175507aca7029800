import type { BackboneConfig } from '../../models/config.js';
import { positionEmbeddings, typeEmbeddings, wordEmbeddings } from '../../models/layout.js';
import type { TensorBuffer } from '../../runtime/runtime.js';
import type { ParameterStore } from '../optimizer/parameterStore.js';
import type { PackedBatch } from './packedBatch.js';
import type { ReusedBuffer } from './reusedBuffer.js';

/**
 * The lookup tables below the encoder. A step uses a few rows of them, so they are summed and their gradients scattered here rather
 * than in the graph: the graph begins with the summed rows of a batch's tokens.
 */
export class EmbeddingTables {
  readonly #width: number;
  /** The word whose row stands still in training, as in PyTorch's nn.Embedding; null for none. */
  readonly #paddingId: number | null;
  /** The word that positions are counted by, whose row of the positions stands still too; null: they count from 0. */
  readonly #positionPadding: number | null;
  readonly #words: Float32Array;
  readonly #positions: Float32Array;
  /** The row of token type 0, the only one that single sentences use; absent in families without types. */
  readonly #type: Float32Array | undefined;

  /** @param table looks a table's values up, trained or frozen */
  constructor(config: BackboneConfig, table: (name: string) => Float32Array) {
    this.#width = config.embeddingSize;
    this.#paddingId = config.paddingId;
    this.#positionPadding = config.positionPadding;
    this.#words = table(wordEmbeddings);
    this.#positions = table(positionEmbeddings);
    if (config.typeVocabSize > 0) this.#type = table(typeEmbeddings).subarray(0, this.#width);
  }

  /** Size of the tables. */
  get bytes(): number {
    return this.#words.byteLength + this.#positions.byteLength + (this.#type?.byteLength ?? 0);
  }

  /** Word + type + position embedding of every packed token, [tokens, width]. @param buffer takes them; new memory does without it */
  summed(batch: PackedBatch, buffer?: ReusedBuffer): TensorBuffer {
    const width = this.#width;
    const size = batch.tokens * width;
    const out = buffer?.take(size) ?? new Float32Array(size);
    const rowOf = (table: Float32Array, row: number): Float32Array =>
      table.subarray(row * width, (row + 1) * width);
    const type = this.#type;
    const rows = this.#positionRows(batch);
    for (let token = 0; token < batch.tokens; token++) {
      const word = rowOf(this.#words, batch.ids[token] as number);
      const position = rowOf(this.#positions, rows[token] as number);
      const sum = rowOf(out, token);
      if (type === undefined) {
        for (let column = 0; column < width; column++) sum[column] = word[column]! + position[column]!;
      } else {
        for (let column = 0; column < width; column++)
          sum[column] = Math.fround(word[column]! + type[column]!) + position[column]!;
      }
    }
    return { data: out, shape: [batch.tokens, width] };
  }

  /** Adds the gradient of the summed rows [tokens, width] to those tables that are trained, times `scale`. */
  scatter(batch: PackedBatch, gradient: Float32Array, store: ParameterStore, scale: number): void {
    const words = store.get(wordEmbeddings);
    const positions = store.get(positionEmbeddings);
    const types = store.get(typeEmbeddings);
    const rows = this.#positionRows(batch);
    for (let token = 0; token < batch.tokens; token++) {
      const source = gradient.subarray(token * this.#width, (token + 1) * this.#width);
      const id = batch.ids[token] as number;
      if (words !== undefined && id !== this.#paddingId) {
        words.touched?.add(id);
        addRow(words.gradient.data, id, source, scale);
      }
      const position = rows[token] as number;
      if (positions !== undefined && position !== this.#positionPadding)
        addRow(positions.gradient.data, position, source, scale);
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

  /** The row of the table of positions that each token has: in some families the padding token's own, and those behind it. */
  #positionRows({ ids, positions, tokens }: PackedBatch): Int32Array {
    const padding = this.#positionPadding;
    if (padding === null) return positions;
    const rows = new Int32Array(tokens);
    let counted = 0;
    for (let token = 0; token < tokens; token++) {
      if (positions[token] === 0) counted = 0;
      rows[token] = ids[token] === padding ? padding : padding + ++counted;
    }
    return rows;
  }
}

function addRow(table: Float32Array, row: number, source: Float32Array, scale: number): void {
  const start = row * source.length;
  for (let column = 0; column < source.length; column++) {
    table[start + column] = table[start + column]! + source[column]! * scale;
  }
}
