import { instantiateSearchKernels, type SearchKernels } from './kernels/kernels.js';

/** The rows most like a query, the most similar first; of equal ones the earlier. */
export interface Neighbours {
  rows: Int32Array;
  /** Cosines, computed in double precision. */
  scores: Float64Array;
}

const page = 65_536;
/** Rows that are encoded at a time. */
const portion = 1_024;
/** Products of codes are summed in 32 bits: ‖query codes‖₁ × 127 stays below 2³¹. */
const largestSum = (2 ** 31 - 1) / 127;
/**
 * What single precision may take or add in scores of unit vectors: vectors are that long to 1e-7, and a score is rounded three times.
 */
const rounding = 1e-6;

/**
 * Unit vectors that are searched exactly. Every vector is there twice: as it is, and as bytes, which are a quarter to read. A search
 * reads the bytes of all rows; how far that score can be off is known for each row (by Cauchy and Schwarz, from the length of what
 * was lost), so only rows that may be among the best are read as they are. What comes out is what comparing with every vector gives.
 */
export class VectorShard {
  readonly #dimensions: number;
  readonly #stride: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: SearchKernels;
  readonly #vectors: Float32Array[] = [];
  /** The first row of each entry of #vectors. */
  readonly #starts: number[] = [];
  readonly #at: {
    vectors: number;
    query: number;
    codes: number;
    scales: number;
    errors: number;
    scores: number;
  };
  #rows = 0;

  /** @param capacity rows that will be added at most */
  constructor(dimensions: number, capacity: number) {
    this.#dimensions = dimensions;
    this.#stride = Math.ceil(dimensions / 16) * 16;
    let end = 1_024; // what lies at 0 would be a null pointer
    const reserve = (bytes: number): number => {
      const start = end;
      end += Math.ceil(bytes / 16) * 16;
      return start;
    };
    this.#at = {
      vectors: reserve(portion * dimensions * 4),
      query: reserve(this.#stride * 2),
      codes: reserve(capacity * this.#stride),
      scales: reserve(capacity * 4),
      errors: reserve(capacity * 4),
      scores: reserve(capacity * 4),
    };
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(end / page) });
    this.#kernels = instantiateSearchKernels(this.#memory);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Adds rows; the array is kept. */
  add(vectors: Float32Array): void {
    const dimensions = this.#dimensions;
    const count = vectors.length / dimensions;
    const { codes, scales, errors } = this.#at;
    for (let from = 0; from < count; from += portion) {
      const part = vectors.subarray(from * dimensions, Math.min(count, from + portion) * dimensions);
      new Float32Array(this.#memory.buffer, this.#at.vectors, part.length).set(part);
      const row = this.#rows + from;
      this.#kernels.encodeRows(
        this.#at.vectors,
        codes + row * this.#stride,
        scales + row * 4,
        errors + row * 4,
        part.length / dimensions,
        dimensions,
        this.#stride,
      );
    }
    this.#starts.push(this.#rows);
    this.#vectors.push(vectors);
    this.#rows += count;
  }

  /**
   * The `k` rows that are most similar to a unit vector.
   * @param allowed rows that count: all but those with a zero here
   */
  search(query: Float32Array, k: number, allowed?: Uint8Array): Neighbours {
    const { scores, errors } = this.#score(query);
    const best = new Best(k);
    const limits = new LowerLimits(k);
    for (let row = 0; row < this.#rows; row += 1) {
      if (allowed !== undefined && allowed[row] === 0) continue;
      limits.add(scores[row]! - errors[row]!);
    }
    const { least } = limits;
    for (let row = 0; row < this.#rows; row += 1) {
      if (scores[row]! + errors[row]! < least) continue;
      if (allowed !== undefined && allowed[row] === 0) continue;
      best.add(row, this.#cosine(query, row));
    }
    return best.neighbours();
  }

  /** Scores of all rows by their codes, and how far each may be off. */
  #score(query: Float32Array): { scores: Float32Array; errors: Float32Array } {
    let sum = 0;
    let largest = 0;
    let squares = 0;
    for (const value of query) {
      sum += Math.abs(value);
      squares += value * value;
      largest = Math.max(largest, Math.abs(value));
    }
    const factor = largest === 0 ? 1 : Math.min(32_767 / largest, (largestSum - this.#dimensions) / sum);
    const codes = new Int16Array(this.#memory.buffer, this.#at.query, this.#stride).fill(0);
    let lost = 0;
    query.forEach((value, column) => {
      codes[column] = Math.round(value * factor);
      lost += (value - codes[column]! / factor) ** 2;
    });
    const { codes: rows, scales, errors, scores } = this.#at;
    this.#kernels.scoreRows(this.#at.query, rows, scales, scores, this.#rows, this.#stride, 1 / factor);
    // |q·v − q̂·v̂| ≤ ‖q‖ ‖v − v̂‖ + ‖q − q̂‖ ‖v̂‖, and ‖v̂‖ ≤ 1 + ‖v − v̂‖
    const ofRows = new Float32Array(this.#memory.buffer, errors, this.#rows);
    const length = Math.sqrt(squares);
    const missed = Math.sqrt(lost);
    return {
      scores: new Float32Array(this.#memory.buffer, scores, this.#rows),
      errors: ofRows.map((error) => (length + missed) * error + missed + rounding),
    };
  }

  #cosine(query: Float32Array, row: number): number {
    const dimensions = this.#dimensions;
    let piece = this.#starts.length - 1;
    while (this.#starts[piece]! > row) piece -= 1;
    const vectors = this.#vectors[piece]!;
    const start = (row - this.#starts[piece]!) * dimensions;
    let product = 0;
    let ofQuery = 0;
    let ofRow = 0;
    for (let column = 0; column < dimensions; column += 1) {
      const [a, b] = [query[column]!, vectors[start + column]!];
      product += a * b;
      ofQuery += a * a;
      ofRow += b * b;
    }
    const lengths = Math.sqrt(ofQuery) * Math.sqrt(ofRow);
    return lengths === 0 ? 0 : product / lengths;
  }
}

/** The k largest of many numbers, in a heap with the least of them on top. */
class LowerLimits {
  readonly #heap: Float64Array;
  #size = 0;

  constructor(private readonly k: number) {
    this.#heap = new Float64Array(k);
  }

  /** The k-th largest number so far; −∞ while there are fewer. */
  get least(): number {
    return this.#size < this.k ? -Infinity : this.#heap[0]!;
  }

  add(value: number): void {
    const heap = this.#heap;
    if (this.#size < this.k) {
      let at = this.#size;
      this.#size += 1;
      for (let parent = (at - 1) >> 1; at > 0 && heap[parent]! > value; parent = (at - 1) >> 1) {
        heap[at] = heap[parent]!;
        at = parent;
      }
      heap[at] = value;
      return;
    }
    if (value <= heap[0]!) return;
    let at = 0;
    for (let child = 1; child < this.k; child = 2 * at + 1) {
      if (child + 1 < this.k && heap[child + 1]! < heap[child]!) child += 1;
      if (heap[child]! >= value) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = value;
  }
}

/** The k best rows of those that are added, in order. */
class Best {
  readonly #found: { row: number; score: number }[] = [];

  constructor(private readonly k: number) {}

  add(row: number, score: number): void {
    const found = this.#found;
    if (found.length === this.k && score <= found.at(-1)!.score) return;
    let at = found.length;
    while (at > 0 && found[at - 1]!.score < score) at -= 1;
    found.splice(at, 0, { row, score });
    if (found.length > this.k) found.pop();
  }

  neighbours(): Neighbours {
    return {
      rows: Int32Array.from(this.#found, ({ row }) => row),
      scores: Float64Array.from(this.#found, ({ score }) => score),
    };
  }
}
