import type { DataType } from '@tensorflow/tfjs-core';
import onnxProto from 'onnx-proto';
import { FrostlineError } from '../errors.js';
import {
  onnxElementType,
  onnxElementTypes,
  type LoweringContext,
  type OnnxAttribute,
  type OnnxNode,
} from './kernelRule.js';
import { ruleOf } from './kernelRules.js';
import { isSymbolOf } from './steadyProducts.js';
import type { ConstantData, GraphValue, RecordedGraph } from './recordedGraph.js';

const { onnx } = onnxProto;
const int64 = 7;
/** ONNX IR and operator-set versions; the lowering rules hold from those of the portable form to these. */
const versions = { own: { ir: 9, opset: 20 }, portable: { ir: 8, opset: 18 } };
/** Operators outside the ONNX standard that the lowering rules can do without. */
const beyondStandard: ReadonlySet<string> = new Set(['FusedMatMul', 'Gelu']);

export interface LoweringOptions {
  /** For other programs to run: standard operators of an older set only, and inputs of integers as int64, as Hugging Face has them. */
  portable?: boolean;
  /** Notes that go along in the file. */
  metadata?: Readonly<Record<string, string>>;
  /** Operators that the device which will run the model does not have. */
  lacks?: ReadonlySet<string>;
  /** Symbols that stand for small numbers. */
  few?: readonly string[];
  /** For a CPU; see `transposesLeft`. */
  transposesFirst?: boolean;
  /** Name of a first output that is an empty sequence rather than a tensor; see onnxSession.ts for what it is good for. */
  sequenceOutput?: string;
}

/** Lowers a checked recording to a serialised ONNX model; inputs and outputs keep the recording's names. */
export function lowerToOnnx(
  graph: RecordedGraph,
  {
    portable = false,
    metadata = {},
    lacks = new Set(),
    few = [],
    transposesFirst = false,
    sequenceOutput,
  }: LoweringOptions = {},
): Uint8Array {
  const lowering = new Lowering(graph, {
    portable,
    lacks: portable ? beyondStandard : lacks,
    few,
    transposesFirst,
  });
  for (const node of graph.nodes) {
    const rule = ruleOf(node.kernel);
    if (rule === undefined)
      throw new FrostlineError('INTERNAL', `No lowering rule for the kernel ${node.kernel}`);
    rule.lower(node, lowering);
  }
  return lowering.serialise(metadata, sequenceOutput);
}

class Lowering implements LoweringContext {
  readonly transposesFirst: boolean;
  readonly #graph: RecordedGraph;
  readonly #portable: boolean;
  readonly #lacks: ReadonlySet<string>;
  readonly #few: readonly string[];
  readonly #constants: ReadonlySet<GraphValue>;
  readonly #names = new Map<GraphValue, string>();
  readonly #nodes: OnnxNode[] = [];
  readonly #preamble: OnnxNode[] = [];
  readonly #initializers = new Map<string, object>();
  readonly #shapes = new Map<string, string>();
  readonly #dimensions = new Map<string, string>();
  readonly #ones = new Map<string, string>();
  #temporaries = 0;

  constructor(
    graph: RecordedGraph,
    {
      portable,
      lacks,
      few,
      transposesFirst,
    }: Required<Pick<LoweringOptions, 'portable' | 'lacks' | 'few' | 'transposesFirst'>>,
  ) {
    this.transposesFirst = transposesFirst;
    this.#graph = graph;
    this.#portable = portable;
    this.#lacks = lacks;
    this.#few = few;
    this.#constants = new Set(graph.constants.map(({ value }) => value));
    for (const [name, value] of graph.inputs) this.#names.set(value, this.#narrowed(name, value));
    for (const { name: given, value, data } of graph.constants) {
      const name = given ?? `constant_${value.id}`;
      this.#names.set(value, name);
      this.#initializers.set(name, tensorProto(name, value.shape, value.dtype, data));
    }
  }

  name = (value: GraphValue): string => {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = `value_${value.id}`;
    this.#names.set(value, name);
    return name;
  };

  /** What an input is called inside the graph: its port's name, or that of its integers made narrow. */
  #narrowed(name: string, { dtype }: GraphValue): string {
    if (!this.#portable || dtype !== 'int32') return name;
    const narrow = `${name}_int32`;
    const attributes = { to: onnxElementType('int32') };
    this.#preamble.push({ operator: 'Cast', inputs: [name], outputs: [narrow], attributes });
    return narrow;
  }

  temporary(): string {
    return `temporary_${this.#temporaries++}`;
  }

  emit(node: OnnxNode): void {
    this.#nodes.push(node);
  }

  int64(values: readonly number[]): string {
    const name = `int64_${values.join('_')}`;
    if (!this.#initializers.has(name)) {
      this.#initializers.set(name, { name, dims: [values.length], dataType: int64, int64Data: [...values] });
    }
    return name;
  }

  float(value: number): string {
    const name = `float_${value}`;
    if (!this.#initializers.has(name)) {
      this.#initializers.set(name, tensorProto(name, [], 'float32', new Float32Array([value])));
    }
    return name;
  }

  constant(shape: readonly number[], data: Float32Array | Int8Array | Uint8Array): string {
    const name = this.temporary();
    const type = data instanceof Float32Array ? 'float32' : data instanceof Int8Array ? 'int8' : 'uint8';
    this.#initializers.set(name, {
      name,
      dims: [...shape],
      dataType: onnxElementTypes[type],
      rawData: bytesOf(data),
    });
    return name;
  }

  isStatic(shape: readonly number[]): boolean {
    return this.#graph.symbols.isStatic(shape);
  }

  isConstant(value: GraphValue): boolean {
    return this.#constants.has(value);
  }

  isFew(size: number): boolean {
    return isSymbolOf(this.#few, size, this.#graph.symbols);
  }

  has(operator: string): boolean {
    return !this.#lacks.has(operator);
  }

  shapeOf(shape: readonly number[]): string {
    if (this.isStatic(shape)) return this.int64(shape);
    const key = shape.join();
    const known = this.#shapes.get(key);
    if (known !== undefined) return known;
    const name = this.temporary();
    this.#shapes.set(key, name);
    const inputs = shape.map((size) => this.#dimension(size));
    this.#preamble.push({ operator: 'Concat', inputs, outputs: [name], attributes: { axis: 0 } });
    return name;
  }

  ones(shape: readonly number[]): string {
    const key = shape.join();
    const known = this.#ones.get(key);
    if (known !== undefined) return known;
    const name = this.temporary();
    this.#ones.set(key, name);
    const inputs = [this.float(1), this.shapeOf(shape)];
    this.#preamble.push({ operator: 'Expand', inputs, outputs: [name] });
    return name;
  }

  /** Name of an int64 vector of one element that holds a recorded size. */
  #dimension(size: number): string {
    const { coefficient, symbols } = this.#graph.symbols.factor(size);
    let product = symbols.length > 0 && coefficient === 1 ? undefined : this.int64([coefficient]);
    for (const symbol of symbols) {
      const factor = this.#symbol(symbol);
      if (product === undefined) product = factor;
      else {
        const key = `${product}*${factor}`;
        const known = this.#dimensions.get(key);
        const name = known ?? this.temporary();
        if (known === undefined) {
          this.#dimensions.set(key, name);
          this.#preamble.push({ operator: 'Mul', inputs: [product, factor], outputs: [name] });
        }
        product = name;
      }
    }
    return product as string;
  }

  /** The symbol's size, read off an input that has it as a plain dimension. */
  #symbol(symbol: string): string {
    const known = this.#dimensions.get(symbol);
    if (known !== undefined) return known;
    for (const [input, { shape }] of this.#graph.inputs) {
      const axis = shape.findIndex((size) => {
        const factors = this.#graph.symbols.factor(size);
        return factors.coefficient === 1 && factors.symbols.length === 1 && factors.symbols[0] === symbol;
      });
      if (axis < 0) continue;
      const name = this.temporary();
      this.#dimensions.set(symbol, name);
      this.#preamble.push({
        operator: 'Shape',
        inputs: [input],
        outputs: [name],
        attributes: { start: axis, end: axis + 1 },
      });
      return name;
    }
    throw new FrostlineError('INTERNAL', `No input of the graph has the dimension "${symbol}"`);
  }

  serialise(metadata: Readonly<Record<string, string>>, sequenceOutput?: string): Uint8Array {
    const { inputs, outputs, symbols } = this.#graph;
    const port = (name: string, value: GraphValue, elemType = onnxElementType(value.dtype)) => ({
      name,
      type: {
        tensorType: {
          elemType,
          shape: {
            dim: value.shape.map((size) => {
              const factors = symbols.factor(size);
              if (factors.symbols.length === 0) return { dimValue: size };
              const prefix = factors.coefficient === 1 ? [] : [String(factors.coefficient)];
              return { dimParam: [...prefix, ...factors.symbols].join('*') };
            }),
          },
        },
      },
    });
    // Outputs are copies under their own names, since one value may be asked for twice or be an input.
    const copies: OnnxNode[] = [...outputs].map(([name, value]) => ({
      operator: 'Identity',
      inputs: [this.name(value)],
      outputs: [name],
    }));
    const sequences = sequenceOutput === undefined ? [] : [sequenceOutput];
    const empty = sequences.map((name): OnnxNode => ({
      operator: 'SequenceEmpty',
      inputs: [],
      outputs: [name],
    }));
    const { ir, opset } = this.#portable ? versions.portable : versions.own;
    const own = this.#nodes.some(({ domain }) => domain !== undefined);
    const inputType = ({ dtype }: GraphValue): number =>
      this.#portable && dtype === 'int32' ? int64 : onnxElementType(dtype);
    const model = onnx.ModelProto.create({
      irVersion: ir,
      opsetImport: [
        { domain: '', version: opset },
        ...(own ? [{ domain: 'com.microsoft', version: 1 }] : []),
      ],
      producerName: 'frostline',
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: {
        name: 'program',
        node: [...empty, ...this.#preamble, ...this.#nodes, ...copies].map(nodeProto),
        initializer: [...this.#initializers.values()],
        input: [...inputs].map(([name, value]) => port(name, value, inputType(value))),
        output: [...sequences.map(sequencePort), ...[...outputs].map(([name, value]) => port(name, value))],
      },
    });
    return onnx.ModelProto.encode(model).finish();
  }
}

function sequencePort(name: string): object {
  const elemType = { tensorType: { elemType: onnxElementType('float32') } };
  return { name, type: { sequenceType: { elemType } } };
}

function nodeProto({ operator, inputs, outputs, attributes = {}, domain }: OnnxNode): object {
  return {
    opType: operator,
    domain: domain ?? '',
    input: inputs,
    output: outputs,
    attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
  };
}

function attributeProto(name: string, value: OnnxAttribute): object {
  const { AttributeType } = onnx.AttributeProto;
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.INTS, ints: [...value] };
}

function tensorProto(name: string, dims: readonly number[], dtype: DataType, data: ConstantData): object {
  return {
    name,
    dims: [...dims],
    dataType: onnxElementType(dtype),
    rawData: bytesOf(data),
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
