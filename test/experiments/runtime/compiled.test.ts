import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { matMul, mul, type Tensor2D } from '@tensorflow/tfjs-core';
import { openRuntime } from '../../../experiments/runtime/device.js';
import type { Program } from '../../../experiments/runtime/program.js';
import { zeros, type Executable } from '../../../experiments/runtime/runtime.js';
import { until } from '../../support/until.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('a compiled program', () => {
  const program: Program = {
    name: 'outputs',
    inputs: {
      rows: { shape: ['tokens', 3], dtype: 'float32' },
      weight: { shape: [3, 2], dtype: 'float32' },
    },
    constants: {},
    differentiate: [],
    forward: ({ rows, weight }) => ({
      outputs: {
        product: matMul(rows as Tensor2D, weight as Tensor2D),
        squares: mul(weight, weight),
      },
    }),
  };
  const rowsOf = (tokens: number) => ({
    data: Float32Array.from({ length: tokens * 3 }, (_, index) => index),
    shape: [tokens, 3],
  });
  const weight = { data: Float32Array.of(1, 0, 0, 1, 1, 1), shape: [3, 2] };

  it('writes outputs into the buffers it is given, and makes the others as large as the inputs ask for', async () => {
    const executable = await (await openRuntime('cpu', 1)).compile(program);
    const squares = zeros([3, 2]);
    const outputs = await executable.run({ rows: rowsOf(2), weight }, { squares });
    assert.equal(outputs.squares, squares);
    assert.deepEqual([...squares.data], [1, 0, 0, 1, 1, 1]);
    assert.deepEqual(outputs.product.shape, [2, 2]);
    assert.deepEqual([...outputs.product.data], [2, 3, 8, 9]);
    const longer = await executable.run({ rows: rowsOf(5), weight });
    assert.deepEqual(longer.product.shape, [5, 2]);
    assert.notEqual(longer.squares, squares);
    assert.deepEqual([...outputs.product.data], [2, 3, 8, 9]);
    await executable.dispose();
  });

  it('takes no memory for copies of the outputs it writes', async () => {
    const size = 2 ** 24;
    const executable = await (
      await openRuntime('cpu', 1)
    ).compile({
      name: 'large',
      inputs: { x: { shape: [size], dtype: 'float32' } },
      constants: {},
      differentiate: [],
      forward: ({ x }) => ({ outputs: { y: mul(x, x) } }),
    });
    const [x, y] = [zeros([size]), zeros([size])];
    const before = process.memoryUsage().arrayBuffers;
    await executable.run({ x }, { y });
    assert.ok(process.memoryUsage().arrayBuffers - before < size * 4);
    await executable.dispose();
  });

  it('fails with what ONNX Runtime says', async () => {
    const executable = await (await openRuntime('cpu', 1)).compile(program);
    const wrong = { data: new Float32Array(8), shape: [2, 4] };
    await assert.rejects(executable.run({ rows: wrong, weight }), /rows.*Got: 4 Expected: 3/s);
    await executable.dispose();
  });

  it('lets go of the constants that it was made of, which may be views of a whole file', async () => {
    const compiled = async (): Promise<{ executable: Executable; constant: WeakRef<Float32Array> }> => {
      const data = new Float32Array(6).fill(2);
      const executable = await (
        await openRuntime('cpu', 1)
      ).compile({
        ...program,
        inputs: { rows: program.inputs.rows! },
        constants: { weight: { shape: [3, 2], data } },
      });
      return { executable, constant: new WeakRef(data) };
    };
    const { executable, constant } = await compiled();
    await until(() => {
      collectGarbage();
      return constant.deref() === undefined;
    });
    const { product } = await executable.run({ rows: rowsOf(1) });
    assert.deepEqual([...product.data], [6, 6]);
    await executable.dispose();
  });
});
