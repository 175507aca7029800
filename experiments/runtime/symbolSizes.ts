import type { RecordedGraph } from '../graph/recordedGraph.js';
import type { SymbolTable } from '../graph/symbols.js';
import type { Feeds } from './runtime.js';

/** Gives a recorded size its value in one run: a symbol is read off the first input that has it as a plain dimension. */
export class SymbolSizes {
  /** Of the graph nothing else is kept: its constants are large. */
  readonly #symbols: SymbolTable;
  readonly #places = new Map<string, { input: string; axis: number }>();

  constructor({ symbols: table, inputs }: Pick<RecordedGraph, 'symbols' | 'inputs'>) {
    this.#symbols = table;
    for (const [input, { shape }] of inputs) {
      shape.forEach((size, axis) => {
        const { coefficient, symbols } = table.factor(size);
        const [symbol] = symbols;
        if (coefficient !== 1 || symbols.length !== 1 || symbol === undefined) return;
        if (!this.#places.has(symbol)) this.#places.set(symbol, { input, axis });
      });
    }
  }

  /** What a recorded size is in a run with these inputs. */
  resolve(size: number, feeds: Feeds): number {
    const { coefficient, symbols } = this.#symbols.factor(size);
    return symbols.reduce((product, symbol) => {
      const { input, axis } = this.#places.get(symbol) as { input: string; axis: number };
      return product * feeds[input].shape[axis];
    }, coefficient);
  }
}
