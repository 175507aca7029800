import type { DataType } from '@tensorflow/tfjs-core';
import type { Attributes, GraphNode, GraphValue } from './recordedGraph.js';

export interface ShapeAndType {
  shape: number[];
  dtype: DataType;
}

/** Plain numbers are integers; `{ float }` marks a floating-point attribute. */
export type OnnxAttribute = number | readonly number[] | { float: number };

export interface OnnxNode {
  operator: string;
  inputs: string[];
  outputs: string[];
  attributes?: Record<string, OnnxAttribute>;
  domain?: 'com.microsoft';
}

/** What a rule may ask of the lowering that is under way. */
export interface LoweringContext {
  /** ONNX name of a recorded value. */
  name(value: GraphValue): string;
  /** A new ONNX name that no recorded value has. */
  temporary(): string;
  emit(node: OnnxNode): void;
  /** Name of a constant int64 vector. */
  int64(values: readonly number[]): string;
  /** Name of a constant float scalar. */
  float(value: number): string;
  /** Name of a new constant tensor. */
  constant(shape: readonly number[], data: Float32Array | Int8Array | Uint8Array): string;
  /** Name of an int64 vector that holds a recorded shape with its symbols resolved when the graph runs. */
  shapeOf(shape: readonly number[]): string;
  /** Name of a float tensor of ones of a recorded shape; the same one whenever it is asked for. */
  ones(shape: readonly number[]): string;
  isStatic(shape: readonly number[]): boolean;
  isConstant(value: GraphValue): boolean;
  /** Whether a recorded size counts something of which there are few, so that a little work for each is no matter. */
  isFew(size: number): boolean;
  /** Whether a product's left operand may be transposed before it, rather than by it, where that takes less time on a CPU. */
  readonly transposesFirst: boolean;
  /** Whether the device that the graph is meant for has an operator; only asked of operators outside the ONNX standard. */
  has(operator: string): boolean;
}

/** How one TensorFlow.js kernel is recorded (what it yields) and lowered (which ONNX operators stand for it). */
export interface KernelRule {
  kernel: string;
  /** Names of the kernel's operands, in the order in which they are recorded. */
  inputs: readonly string[];
  infer(inputs: readonly ShapeAndType[], attributes: Attributes): ShapeAndType[];
  lower(node: GraphNode, context: LoweringContext): void;
}

/** Numbers of the ONNX element types that the engine uses. */
export const onnxElementTypes = { float32: 1, uint8: 2, int8: 3, int32: 6, bool: 9 } as const;

export function onnxElementType(dtype: DataType): number {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return onnxElementTypes[dtype];
  throw new RangeError(`Tensors of type ${dtype} cannot be lowered`);
}
