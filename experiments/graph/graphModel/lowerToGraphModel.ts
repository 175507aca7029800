import { FrostlineError } from '../../errors.js';
import type { GraphValue, RecordedGraph } from '../recordedGraph.js';
import {
  graphType,
  type GraphAttribute,
  type GraphModel,
  type GraphModelNode,
  type GraphModelPort,
  type GraphModelWeight,
  type GraphShape,
} from './graphModel.js';
import { graphModelRules, type GraphModelContext } from './graphModelRules.js';

/** Lowers a checked recording to a TensorFlow.js graph model; inputs and outputs keep the recording's names. */
export function lowerToGraphModel(graph: RecordedGraph): GraphModel {
  return new Lowering(graph).model();
}

class Lowering implements GraphModelContext {
  readonly #graph: RecordedGraph;
  readonly #names = new Map<GraphValue, string>();
  readonly #nodes: GraphModelNode[] = [];
  readonly #weights = new Map<string, GraphModelWeight>();
  /** Names of symbols' sizes and of shapes that are put together when the graph runs. */
  readonly #computed = new Map<string, string>();
  #temporaries = 0;

  constructor(graph: RecordedGraph) {
    this.#graph = graph;
  }

  model(): GraphModel {
    const { inputs, constants, nodes, outputs } = this.#graph;
    for (const [name, value] of inputs) {
      this.#names.set(value, name);
      const attributes = { dtype: { type: graphType(value.dtype) }, shape: { shape: this.#shape(value) } };
      this.emit('Placeholder', [], attributes, name);
    }
    for (const { name, value, data } of constants) {
      const { shape, dtype } = value;
      const constant = this.#constant({
        name: name ?? `constant_${value.id}`,
        shape,
        dtype: dtype === 'int32' ? 'int32' : 'float32',
        data,
      });
      this.#names.set(value, constant);
    }
    for (const node of nodes) {
      const rule = graphModelRules.get(node.kernel);
      if (rule === undefined)
        throw new FrostlineError('INTERNAL', `No graph model rule for the kernel ${node.kernel}`);
      rule(node, this);
    }
    for (const [name, value] of outputs)
      this.emit('Identity', [this.name(value)], { T: { type: graphType(value.dtype) } }, name);
    return {
      nodes: this.#nodes,
      weights: [...this.#weights.values()],
      inputs: this.#ports(inputs),
      outputs: this.#ports(outputs),
    };
  }

  name = (value: GraphValue): string => {
    const name = this.#names.get(value) ?? `value_${value.id}`;
    this.#names.set(value, name);
    return name;
  };

  emit = (
    op: string,
    inputs: string[],
    attributes: Record<string, GraphAttribute> = {},
    name = `temporary_${this.#temporaries++}`,
  ): string => {
    this.#nodes.push({ name, op, input: inputs, attr: attributes });
    return name;
  };

  integers = (values: readonly number[] | number): string => {
    const list = typeof values === 'number' ? [values] : [...values];
    const shape = typeof values === 'number' ? [] : [list.length];
    const name = `integers_${shape.join('')}_${list.join('_').replaceAll('-', 'minus')}`;
    return this.#constant({ name, shape, dtype: 'int32', data: Int32Array.from(list) });
  };

  float = (value: number): string =>
    this.#constant({ name: `float_${value}`, shape: [], dtype: 'float32', data: Float32Array.of(value) });

  openShapeOf = (shape: readonly number[]): string => {
    const open = shape.filter((size) => !this.#graph.symbols.isStatic([size])).length;
    if (open > 1) return this.shapeOf(shape);
    return this.integers(shape.map((size) => (this.#graph.symbols.isStatic([size]) ? size : -1)));
  };

  shapeOf = (shape: readonly number[]): string =>
    this.#graph.symbols.isStatic(shape)
      ? this.integers(shape)
      : this.#once(shape.join(), () => this.emit('Pack', shape.map(this.#size), { axis: { i: 0 } }));

  /** Name of a scalar that holds a recorded size. */
  #size = (size: number): string =>
    this.#once(`size ${size}`, () => {
      const { coefficient, symbols } = this.#graph.symbols.factor(size);
      const factors = symbols.map((symbol) => this.#symbol(symbol));
      if (coefficient !== 1 || factors.length === 0) factors.unshift(this.integers(coefficient));
      return factors.reduce((product, factor) => this.emit('Mul', [product, factor]));
    });

  /** The symbol's size, read off an input that has it as a plain dimension. */
  #symbol(symbol: string): string {
    for (const [input, { shape }] of this.#graph.inputs) {
      const axis = shape.findIndex((size) => {
        const { coefficient, symbols } = this.#graph.symbols.factor(size);
        return coefficient === 1 && symbols.length === 1 && symbols[0] === symbol;
      });
      if (axis < 0) continue;
      const sizes = this.#once(`shape of ${input}`, () => this.emit('Shape', [input]));
      const bounds = [[axis], [axis + 1], [1]].map(this.integers);
      return this.#once(symbol, () =>
        this.emit('StridedSlice', [sizes, ...bounds], { shrink_axis_mask: { i: 1 } }),
      );
    }
    throw new FrostlineError('INTERNAL', `No input of the graph has the dimension "${symbol}"`);
  }

  #once(key: string, make: () => string): string {
    const known = this.#computed.get(key);
    if (known !== undefined) return known;
    const name = make();
    this.#computed.set(key, name);
    return name;
  }

  #constant(weight: GraphModelWeight): string {
    const { name, dtype, shape } = weight;
    if (this.#weights.has(name)) return name;
    this.#weights.set(name, weight);
    const type = graphType(dtype);
    const sizes = { dim: shape.map((size) => ({ size: String(size) })) };
    this.#nodes.push({
      name,
      op: 'Const',
      input: [],
      attr: { dtype: { type }, shape: { shape: sizes } },
    });
    return name;
  }

  #shape({ shape }: GraphValue): GraphShape {
    return {
      dim: shape.map((size) => ({ size: this.#graph.symbols.isStatic([size]) ? String(size) : '-1' })),
    };
  }

  #ports(values: ReadonlyMap<string, GraphValue>): Record<string, GraphModelPort> {
    return Object.fromEntries(
      [...values].map(([name, value]) => [
        name,
        { name: `${name}:0`, dtype: graphType(value.dtype), tensorShape: this.#shape(value) },
      ]),
    );
  }
}
