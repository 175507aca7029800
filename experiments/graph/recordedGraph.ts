import type { DataType } from '@tensorflow/tfjs-core';
import type { SymbolTable } from './symbols.js';

export type Attributes = Readonly<Record<string, unknown>>;
export type ConstantData = Float32Array | Int32Array | Uint8Array;

/** One tensor of a recording: a graph input, a constant, or what a node yields. Shapes carry symbols as primes. */
export interface GraphValue {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: DataType;
}

export interface GraphNode {
  readonly kernel: string;
  readonly inputs: GraphValue[];
  readonly outputs: GraphValue[];
  readonly attributes: Attributes;
}

export interface GraphConstant {
  /** What the program calls it; null for one that an operation made. */
  readonly name: string | null;
  readonly value: GraphValue;
  readonly data: ConstantData;
}

/** What a program did, in the order in which it did it: static single assignment, ready to check and lower. */
export interface RecordedGraph {
  readonly symbols: SymbolTable;
  readonly inputs: ReadonlyMap<string, GraphValue>;
  readonly constants: readonly GraphConstant[];
  readonly nodes: readonly GraphNode[];
  readonly outputs: ReadonlyMap<string, GraphValue>;
}
