/**
 * Sizes that are only known when a graph runs (packed tokens, sentences, padded length) stand in the recording as primes.
 * TensorFlow.js checks and combines shapes as ordinary numbers, and because no size of a model is a multiple of these primes,
 * every dimension of the recording factors into exactly one product of symbols and a constant.
 */
const symbolPrimes = [10007, 10009, 10037, 10039, 10061, 10067, 10069, 10079] as const;

/** A dimension as a program declares it: a number, a symbol's name, or a product such as `12*sentences*length`. */
export type Dimension = number | string;

/** coefficient × the named symbols; `['sentences', 'length']` stands for their product. */
export interface SymbolicDimension {
  coefficient: number;
  symbols: string[];
}

export class SymbolTable {
  readonly #primes = new Map<string, number>();

  /** The recorded size of a declared dimension; the first mention of a name introduces the symbol. */
  size(dimension: Dimension): number {
    if (typeof dimension === 'number') {
      if (symbolPrimes.some((prime) => dimension >= prime && dimension % prime === 0)) {
        throw new RangeError(
          `A tensor of size ${dimension} cannot be recorded: the size is a multiple of a reserved prime`,
        );
      }
      return dimension;
    }
    return dimension.split('*').reduce((size, factor) => size * (Number(factor) || this.#prime(factor)), 1);
  }

  /** The recorded shape of a declared shape. */
  shape(dimensions: readonly Dimension[]): number[] {
    return dimensions.map((dimension) => this.size(dimension));
  }

  /** Factors a recorded size back into its symbols. */
  factor(size: number): SymbolicDimension {
    let coefficient = size;
    const symbols: string[] = [];
    for (const [name, prime] of this.#primes) {
      while (coefficient !== 0 && coefficient % prime === 0) {
        coefficient /= prime;
        symbols.push(name);
      }
    }
    return { coefficient, symbols };
  }

  isStatic(shape: readonly number[]): boolean {
    return shape.every((size) => this.factor(size).symbols.length === 0);
  }

  #prime(name: string): number {
    const known = this.#primes.get(name);
    if (known !== undefined) return known;
    const prime = symbolPrimes[this.#primes.size];
    if (prime === undefined)
      throw new RangeError(`At most ${symbolPrimes.length} symbolic sizes, no room for "${name}"`);
    this.#primes.set(name, prime);
    return prime;
  }
}

/** The size of a declared dimension for given values of its symbols. */
export function evaluateDimension(dimension: Dimension, sizes: Readonly<Record<string, number>>): number {
  if (typeof dimension === 'number') return dimension;
  return dimension.split('*').reduce((product, factor) => {
    const size = sizes[factor] ?? Number(factor);
    if (Number.isNaN(size)) throw new RangeError(`No size given for the symbol "${factor}"`);
    return product * size;
  }, 1);
}
