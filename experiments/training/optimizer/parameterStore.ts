import { badInput, FrostlineError } from '../../errors.js';
import { wordEmbeddings, type ParameterInfo } from '../../models/layout.js';
import type { HostTensor } from '../../models/safetensors.js';
import { Arena, arenaBytes, type ArenaTensor } from './arena.js';

/** A trainable parameter with everything that Adam keeps of it. */
export interface TrainableParameter {
  info: ParameterInfo;
  value: ArenaTensor;
  gradient: ArenaTensor;
  /** Where one batch's gradient lands: `gradient` itself unless several batches are accumulated. */
  incoming: ArenaTensor;
  first: ArenaTensor;
  second: ArenaTensor;
  /** Steps in which this parameter had a gradient. */
  steps: number;
  /** For a table of which a step uses few rows: the rows that any step has used, in the order of first use. */
  touched: TouchedRows | null;
}

/** Rows of an embedding table that some batch has used. All other rows have zero moments and stay as they are. */
export class TouchedRows {
  readonly rows: number[] = [];
  readonly #seen: Uint8Array;

  constructor(count: number) {
    this.#seen = new Uint8Array(count);
  }

  add(row: number): void {
    if (this.#seen[row] === 1) return;
    this.#seen[row] = 1;
    this.rows.push(row);
  }

  /** The rows in ascending order: the first of each stretch of neighbours, and how many there are. */
  *stretches(): Generator<[first: number, count: number]> {
    const seen = this.#seen;
    for (let first = seen.indexOf(1); first !== -1;) {
      const gap = seen.indexOf(0, first);
      const end = gap === -1 ? seen.length : gap;
      yield [first, end - first];
      first = seen.indexOf(1, end);
    }
  }
}

/** The trainable parameters of a run, side by side in one arena. */
export class ParameterStore {
  readonly arena: Arena;
  readonly parameters = new Map<string, TrainableParameter>();

  /**
   * @param infos the trainable parameters
   * @param initial their values at the start
   * @param accumulates whether a step adds up the gradients of several batches
   * @param sparse whether only touched rows of the word embeddings move; weight decay moves all of them
   */
  constructor(
    infos: readonly ParameterInfo[],
    initial: ReadonlyMap<string, HostTensor>,
    { accumulates, sparse }: { accumulates: boolean; sparse: boolean },
  ) {
    this.arena = new Arena(
      (accumulates ? 5 : 4) * infos.reduce((bytes, { shape }) => bytes + arenaBytes(shape), 0),
    );
    for (const info of infos) {
      const values = initial.get(info.name);
      if (values === undefined) throw new FrostlineError('INTERNAL', `No initial value for ${info.name}`);
      const [rows, width] = info.shape as [number, number];
      // The one table that is too large to walk at every step.
      if (info.name === wordEmbeddings && width % 4 !== 0) {
        throw badInput(
          `model: expected a hidden size that is a multiple of 4 to train the embeddings, got ${width}`,
          { path: 'model' },
        );
      }
      const gradient = this.arena.allocate(info.shape);
      const parameter: TrainableParameter = {
        info,
        value: this.arena.allocate(info.shape),
        gradient,
        incoming: accumulates ? this.arena.allocate(info.shape) : gradient,
        first: this.arena.allocate(info.shape),
        second: this.arena.allocate(info.shape),
        steps: 0,
        touched: sparse && info.name === wordEmbeddings ? new TouchedRows(rows) : null,
      };
      parameter.value.data.set(values.data as Float32Array);
      this.parameters.set(info.name, parameter);
    }
  }

  get(name: string): TrainableParameter | undefined {
    return this.parameters.get(name);
  }
}
