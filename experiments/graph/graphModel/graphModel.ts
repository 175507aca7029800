import type { DataType } from '@tensorflow/tfjs-core';

import type { ConstantData } from '../recordedGraph.js';

/** An attribute of a node, as TensorFlow's GraphDef has it in JSON. */
export type GraphAttribute = { b: boolean } | { i: number } | { type: string } | { shape: GraphShape };

export interface GraphShape {
  dim: { size: string }[];
}

export interface GraphModelNode {
  name: string;
  op: string;
  input: string[];
  attr: Record<string, GraphAttribute>;
}

export interface GraphModelWeight {
  name: string;
  shape: readonly number[];
  dtype: 'float32' | 'int32';
  data: ConstantData;
}

/** A TensorFlow.js graph model: a GraphDef of inference operations, and the values of its constants beside it. */
export interface GraphModel {
  nodes: GraphModelNode[];
  weights: GraphModelWeight[];
  /** By name: what is fed, what comes out. */
  inputs: Record<string, GraphModelPort>;
  outputs: Record<string, GraphModelPort>;
}

export interface GraphModelPort {
  name: string;
  dtype: string;
  tensorShape: GraphShape;
}

const types: Partial<Record<DataType, string>> = { float32: 'DT_FLOAT', int32: 'DT_INT32', bool: 'DT_BOOL' };

/** What TensorFlow calls a type. */
export function graphType(dtype: DataType): string {
  const type = types[dtype];
  if (type === undefined) throw new RangeError(`Tensors of type ${dtype} cannot be lowered`);
  return type;
}
