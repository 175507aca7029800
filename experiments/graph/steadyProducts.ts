import type { GraphNode, GraphValue, RecordedGraph } from './recordedGraph.js';
import type { SymbolTable } from './symbols.js';

/**
 * When ONNX Runtime's CPU matrix product gives the same bits whatever the number of threads. Read off MLAS (sgemm.cpp, 1.30) and tried:
 * - It adds up in slices of 128 numbers, but in longer ones where a thread is left with 64 columns or fewer.
 * - It splits columns among threads, sixteen at least each, where there are more of them than rows; else rows.
 * - A thread that is left with one row uses a kernel of its own.
 * - None of this holds for a left operand that is given transposed, nor (as it is rearranged beforehand) for a constant right one.
 */
const sliceLength = 128;
const fewestColumns = 64;
const columnBlock = 16;

/** A product of two matrices whose order of addition may depend on threads; sizes as recorded. */
export interface Product {
  /** Rows of the left operand, columns of the right one, and what is added up. */
  rows: number;
  columns: number;
  inner: number;
}

/** What is known of a graph's values and recorded sizes; see `LoweringContext`. */
export interface ProductFacts {
  isConstant(value: GraphValue): boolean;
  isFew(size: number): boolean;
  isStatic(shape: readonly number[]): boolean;
}

/** The product that a node stands for, when its order of addition may depend on threads. */
export function unsteadyProduct(node: GraphNode, facts: ProductFacts): Product | undefined {
  const [left, right] = node.inputs as [GraphValue, GraphValue];
  const { transposeA = false, transposeB = node.kernel === 'Linear' } = node.attributes as {
    transposeA?: boolean;
    transposeB?: boolean;
  };
  const isProduct = node.kernel === 'Linear' || node.kernel === 'BatchMatMul';
  if (!isProduct || left.shape.length !== 2 || facts.isConstant(right)) return undefined;
  if (transposeA && !transposesLeft(node, facts)) return undefined;
  const [rows, inner] = (transposeA ? [...left.shape].reverse() : left.shape) as [number, number];
  return { rows, inner, columns: right.shape[transposeB ? 0 : 1] as number };
}

/** A product with fewer rows in its result gains nothing from having its left operand transposed beforehand. */
const fewestRowsToTranspose = 128;
/** So many threads a product must be able to share, with the same bits, for its left operand to be transposed beforehand. */
const manyThreads = 16;

/**
 * Whether the left operand of a product, whose result has a fixed size, is better transposed before it: the CPU's matrix product
 * transposes it anew for every 128 columns of the result, so where it is no wider than the result and long, that takes more time than a
 * pass over it.
 */
export function transposesLeft(node: GraphNode, facts: ProductFacts): boolean {
  const { transposeA = false, transposeB = false } = node.attributes as {
    transposeA?: boolean;
    transposeB?: boolean;
  };
  const [left, right] = node.inputs as [GraphValue, GraphValue];
  if (node.kernel !== 'BatchMatMul' || left.shape.length !== 2 || !transposeA || transposeB) return false;
  const [inner, rows] = left.shape as [number, number];
  const columns = right.shape[1] as number;
  if (!facts.isStatic([rows, columns]) || facts.isFew(inner)) return false;
  if (rows < fewestRowsToTranspose || rows > columns) return false;
  return steadyThreads({ rows, columns, inner: Infinity }) >= manyThreads;
}

/** Every such product of a graph, each kind once, but those of few rows: they are lowered so that it does not depend. */
export function unsteadyProducts(graph: RecordedGraph, few: readonly string[] = []): Product[] {
  const fixed = new Set(graph.constants.map(({ value }) => value));
  const facts: ProductFacts = {
    isConstant: (value) => fixed.has(value),
    isFew: (size) => isSymbolOf(few, size, graph.symbols),
    isStatic: (shape) => graph.symbols.isStatic(shape),
  };
  const products = graph.nodes
    .flatMap((node) => unsteadyProduct(node, facts) ?? [])
    .filter(({ rows }) => !facts.isFew(rows));
  return [...new Map(products.map((product) => [JSON.stringify(product), product])).values()];
}

/** Whether a recorded size is one of these symbols. */
export function isSymbolOf(names: readonly string[], size: number, table: SymbolTable): boolean {
  const { coefficient, symbols } = table.factor(size);
  return coefficient === 1 && symbols.length === 1 && names.includes(symbols[0]);
}

/** Up to how many threads a product of these sizes gives the bits that one thread gives. */
export function steadyThreads({ rows, columns, inner }: Product): number {
  if (rows >= columns) return Math.max(1, Math.floor(rows / 2));
  if (inner <= sliceLength) return Infinity;
  const blocksNeeded = fewestColumns / columnBlock + 1;
  return Math.max(1, Math.floor(Math.floor(columns / columnBlock) / blocksNeeded));
}
