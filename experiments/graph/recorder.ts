import {
  engine,
  findBackend,
  KernelBackend,
  registerBackend,
  registerKernel,
  setBackend,
  getBackend,
  type DataType,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { FrostlineError } from '../errors.js';
import { kernelRules } from './kernelRules.js';
import type {
  Attributes,
  ConstantData,
  GraphConstant,
  GraphNode,
  GraphValue,
  RecordedGraph,
} from './recordedGraph.js';
import { SymbolTable, type Dimension } from './symbols.js';

/** Name under which the recording backend is registered with TensorFlow.js. */
export const recorderBackendName = 'frostline-recorder';

/**
 * A TensorFlow.js backend that computes nothing: each kernel that runs under it becomes a node of a graph.
 * Reading a tensor's values is an error, since there are none.
 */
class RecorderBackend extends KernelBackend {
  #values = new WeakMap<object, GraphValue>();
  #nextId = 0;
  nodes: GraphNode[] = [];
  constants: GraphConstant[] = [];

  reset(): void {
    this.#values = new WeakMap();
    this.nodes = [];
    this.constants = [];
  }

  declare(shape: number[], dtype: DataType): Tensor {
    return engine().makeTensorFromTensorInfo(this.#newTensor(shape, dtype));
  }

  declareConstant(name: string, data: ConstantData, shape: number[], dtype: DataType): Tensor {
    const info = this.#newTensor(shape, dtype);
    this.constants.push({ name, value: this.graphValue(info), data });
    return engine().makeTensorFromTensorInfo(info);
  }

  graphValue(tensor: TensorInfo): GraphValue {
    const value = this.#values.get(tensor.dataId);
    if (value === undefined)
      throw new FrostlineError('INTERNAL', 'A tensor made outside the recording was used inside it');
    return value;
  }

  record(kernel: string, inputs: TensorInfo[], attributes: Attributes): TensorInfo[] {
    const rule = kernelRules.get(kernel);
    if (rule === undefined) throw new FrostlineError('INTERNAL', `No lowering rule for the kernel ${kernel}`);
    const shapes = rule.infer(inputs, attributes);
    const outputs = shapes.map(({ shape, dtype }) => this.#newTensor(shape, dtype));
    this.nodes.push({
      kernel,
      attributes,
      inputs: inputs.map((input) => this.graphValue(input)),
      outputs: outputs.map((output) => this.graphValue(output)),
    });
    return outputs;
  }

  #newTensor(shape: number[], dtype: DataType): TensorInfo {
    const dataId = {};
    this.#values.set(dataId, { id: this.#nextId++, shape: [...shape], dtype });
    return { dataId, shape: [...shape], dtype };
  }

  override write(values: ConstantData, shape: number[], dtype: DataType): object {
    const info = this.#newTensor(shape, dtype);
    this.constants.push({ name: null, value: this.graphValue(info), data: values });
    return info.dataId;
  }
  override move(dataId: object, values: ConstantData, shape: number[], dtype: DataType): void {
    const value = { id: this.#nextId++, shape: [...shape], dtype };
    this.#values.set(dataId, value);
    this.constants.push({ name: null, value, data: values });
  }
  override readSync(): never {
    throw new FrostlineError('INTERNAL', 'A recorded tensor has no values to read');
  }
  override read(): never {
    return this.readSync();
  }
  override numDataIds(): number {
    return 0;
  }
  override disposeData(): boolean {
    return true;
  }
  override incRef(): void {}
  override refCount(): number {
    return 1;
  }
  override floatPrecision(): 32 {
    return 32;
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }
  override timerAvailable(): boolean {
    return false;
  }
  override dispose(): void {}
}

function recorder(): RecorderBackend {
  const existing = findBackend(recorderBackendName);
  if (existing instanceof RecorderBackend) return existing;
  registerBackend(recorderBackendName, () => new RecorderBackend(), 0);
  const backend = findBackend(recorderBackendName) as RecorderBackend;
  // Identity (a clone) is the same value under another handle; it leaves no trace in the graph.
  registerKernel({
    kernelName: 'Identity',
    backendName: recorderBackendName,
    kernelFunc: ({ inputs }) => {
      const { dataId, shape, dtype } = inputs['x'] as TensorInfo;
      return { dataId, shape, dtype };
    },
  });
  for (const rule of kernelRules.values()) {
    registerKernel({
      kernelName: rule.kernel,
      backendName: recorderBackendName,
      kernelFunc: ({ inputs, attrs }) => {
        const operands = rule.inputs.map((name) => inputs[name] as TensorInfo);
        const outputs = backend.record(rule.kernel, operands, (attrs ?? {}) as Attributes);
        return outputs.length === 1 ? (outputs[0] as TensorInfo) : outputs;
      },
    });
  }
  return backend;
}

export interface Declaration {
  shape: readonly Dimension[];
  dtype: DataType;
}

export interface Recording {
  inputs: Record<string, Declaration>;
  constants: Record<string, { shape: readonly number[]; dtype: DataType; data: ConstantData }>;
  /** The program: runs TensorFlow.js operations on the named tensors and returns the named outputs. */
  program: (tensors: Record<string, Tensor>) => Record<string, Tensor>;
}

/**
 * Runs a program under the recording backend and returns its graph. TensorFlow.js gradients taken inside the program are
 * recorded like anything else, so one recording holds the forward and the backward pass.
 */
export function recordGraph({ inputs, constants, program }: Recording): RecordedGraph {
  const backend = recorder();
  const previous = getBackend() as string | undefined; // undefined before the first backend is set
  const symbols = new SymbolTable();
  backend.reset();
  void setBackend(recorderBackendName); // a backend that is there already is set at once
  engine().startScope();
  try {
    const tensors: Record<string, Tensor> = {};
    const inputValues = new Map<string, GraphValue>();
    for (const [name, { shape, dtype }] of Object.entries(inputs)) {
      const tensor = backend.declare(symbols.shape(shape), dtype);
      tensors[name] = tensor;
      inputValues.set(name, backend.graphValue(tensor));
    }
    for (const [name, { shape, dtype, data }] of Object.entries(constants)) {
      tensors[name] = backend.declareConstant(name, data, symbols.shape(shape), dtype);
    }
    const results = program(tensors);
    const outputs = new Map(
      Object.entries(results).map(([name, tensor]) => [name, backend.graphValue(tensor)]),
    );
    return { symbols, inputs: inputValues, constants: backend.constants, nodes: backend.nodes, outputs };
  } finally {
    engine().endScope();
    backend.reset();
    if (previous) void setBackend(previous);
  }
}
