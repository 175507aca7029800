import { createHash } from 'node:crypto';

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;
const rounds = 10;

/**
 * Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): four random words for a counter of four
 * words and a key of two. No state: the same counter and key give the same words, in any order and on any machine.
 */
export function philox4x32(
  counter: ArrayLike<number>,
  key: ArrayLike<number>,
  out: Uint32Array,
  at = 0,
): void {
  let c0 = counter[0] >>> 0;
  let c1 = counter[1] >>> 0;
  let c2 = counter[2] >>> 0;
  let c3 = counter[3] >>> 0;
  let k0 = key[0] >>> 0;
  let k1 = key[1] >>> 0;
  for (let round = 0; round < rounds; round++) {
    const high0 = multiplyHigh(multiplier0, c0);
    const high1 = multiplyHigh(multiplier1, c2);
    const low0 = Math.imul(multiplier0, c0) >>> 0;
    const low1 = Math.imul(multiplier1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + weyl0) >>> 0;
    k1 = (k1 + weyl1) >>> 0;
  }
  out[at] = c0;
  out[at + 1] = c1;
  out[at + 2] = c2;
  out[at + 3] = c3;
}

/** Upper 32 bits of a 32 × 32 bit product; each partial product stays below 2^53, so doubles hold it exactly. */
function multiplyHigh(a: number, b: number): number {
  const low = (a & 0xffff) * b;
  const high = (a >>> 16) * b + Math.floor(low / 65536);
  return Math.floor(high / 65536) >>> 0;
}

/**
 * A named stream of random numbers. A draw is a function of seed, stream name and counter alone, so what is drawn at step 500 does
 * not depend on what was drawn before it, and a resumed run draws what the uninterrupted one would have drawn.
 */
export class RandomStream {
  /** Two 32-bit words, from seed and stream name: the key of the generator. */
  readonly key: Uint32Array;

  constructor(
    readonly seed: number,
    readonly stream: string,
  ) {
    const digest = createHash('sha256').update(`${seed}\0${stream}`).digest();
    this.key = new Uint32Array([digest.readUInt32LE(0), digest.readUInt32LE(4)]);
  }

  /** `n` words; `skip` words of the draw (a multiple of four) are passed over. */
  bits(counter: number, n: number, skip = 0): Uint32Array {
    const blocks = Math.ceil(n / 4);
    const words = new Uint32Array(blocks * 4);
    const position = [0, 0, counter >>> 0, Math.floor(counter / 2 ** 32) >>> 0];
    for (let block = 0; block < blocks; block++) {
      const index = block + skip / 4;
      position[0] = index >>> 0;
      position[1] = Math.floor(index / 2 ** 32) >>> 0;
      philox4x32(position, this.key, words, block * 4);
    }
    return words.length === n ? words : words.subarray(0, n);
  }

  /** `n` numbers in [0, 1), each a multiple of 2^-24 and so exact in 32 bits. */
  uniform(counter: number, n: number): Float32Array {
    const words = this.bits(counter, n);
    const out = new Float32Array(n);
    for (let index = 0; index < n; index++) out[index] = (words[index] >>> 8) * 2 ** -24;
    return out;
  }

  /** `n` numbers from a normal distribution, by Box and Muller's transform. */
  normal(counter: number, n: number, mean = 0, deviation = 1): Float32Array {
    const words = this.bits(counter, n + (n % 2));
    const out = new Float32Array(n);
    for (let index = 0; index < n; index += 2) {
      const radius = Math.sqrt(-2 * Math.log((words[index] + 1) * 2 ** -32)) * deviation;
      const angle = 2 * Math.PI * words[index + 1] * 2 ** -32;
      out[index] = mean + radius * Math.cos(angle);
      if (index + 1 < n) out[index + 1] = mean + radius * Math.sin(angle);
    }
    return out;
  }

  /** The numbers 0 to n-1 in random order, each order equally likely (Fisher and Yates, bounded draws by rejection). */
  permutation(n: number, counter: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, index) => index);
    let words = this.bits(counter, 1024);
    let drawn = 0;
    for (let last = n - 1; last > 0; last--) {
      const bound = last + 1;
      const limit = 2 ** 32 - (2 ** 32 % bound);
      let word: number;
      do {
        if (drawn > 0 && drawn % 1024 === 0) words = this.bits(counter, 1024, drawn);
        word = words[drawn++ % 1024];
      } while (word >= limit);
      const other = word % bound;
      const kept = order[last];
      order[last] = order[other];
      order[other] = kept;
    }
    return order;
  }
}
