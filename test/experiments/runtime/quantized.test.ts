import assert from 'node:assert/strict';
import type { Tensor } from '@tensorflow/tfjs-core';
import { RandomStream } from '../../../experiments/data/random.js';
import { linear } from '../../../experiments/models/ops/linear.js';
import { openRuntime } from '../../../experiments/runtime/device.js';
import { parsePrecision, precisionSha256, type Precision } from '../../../experiments/runtime/precision.js';
import { largestWeightCode } from '../../../experiments/runtime/processor.js';
import type { Program } from '../../../experiments/runtime/program.js';

/** Two additions in single precision, of numbers about as large as the result. */
const rounding = 2e-6;

describe('linear layers in int8', () => {
  const [inner, outer] = [48, 32];
  const random = new RandomStream(3, 'quantized');
  const weight = random.normal(0, outer * inner);
  const bias = random.normal(10_000, outer);
  const program = (size: string, precision: Precision): Program => ({
    name: 'linear',
    inputs: { x: { shape: [size, inner], dtype: 'float32' } },
    few: ['sentences'],
    constants: { weight: { shape: [outer, inner], data: weight }, bias: { shape: [outer], data: bias } },
    precision,
    differentiate: [],
    forward: (tensors) => ({
      outputs: { y: linear(tensors['x'] as Tensor, tensors['weight'] as Tensor, tensors['bias'] as Tensor) },
    }),
  });
  const run = async (size: string, precision: Precision, x: Float32Array): Promise<Float32Array> => {
    const executable = await (await openRuntime('cpu', 2)).compile(program(size, precision));
    try {
      const { y } = await executable.run({ x: { data: x, shape: [x.length / inner, inner] } });
      return y!.data as Float32Array;
    } finally {
      await executable.dispose();
    }
  };
  /** Rows as different as one very small and one very large; and one of zeros. */
  const rows = [1e-6, 1, 0, 1e5].map((scale, row) =>
    random.normal(20_000 + row * 100, inner).map((value) => value * scale),
  );
  const x = Float32Array.from(rows.flatMap((row) => [...row]));

  it('round weights by output and inputs by row, and add up exactly', async () => {
    const y = await run('tokens', 'int8', x);
    const codesOf = (values: Float32Array, most: number): { codes: number[]; step: number } => {
      const step = Math.max(1e-30, ...values.map(Math.abs)) / most;
      return { codes: [...values].map((value) => Math.round(value / step)), step };
    };
    for (const [row, values] of rows.entries()) {
      const input = codesOf(values, 127);
      for (let column = 0; column < outer; column += 1) {
        const own = weight.subarray(column * inner, (column + 1) * inner);
        const { codes, step } = codesOf(own, largestWeightCode());
        const sum = codes.reduce((total, code, place) => total + code * input.codes[place]!, 0);
        const expected = sum * step * input.step + bias[column]!;
        const difference = Math.abs(y[row * outer + column]! - expected);
        // A code may be the other one of two where a value lies between them to the last bit.
        const oneCode = 127 * step * input.step;
        const limit = rounding * (Math.abs(expected) + Math.abs(bias[column]!)) + oneCode;
        assert.ok(difference <= limit, `row ${row}, column ${column}: off by ${difference}`);
      }
    }
  });

  it('give a row the same bits in any company', async () => {
    const together = await run('tokens', 'int8', x);
    for (const [row, values] of rows.entries()) {
      const alone = await run('tokens', 'int8', Float32Array.from(values));
      assert.deepEqual(together.slice(row * outer, (row + 1) * outer), alone);
    }
  });

  it('stay in float32 over few rows, where heads are', async () => {
    assert.deepEqual(await run('sentences', 'int8', x), await run('sentences', 'float32', x));
  });

  it('are refused by a runtime that has none', async () => {
    const runtime = await openRuntime('tfjs');
    await assert.rejects(runtime.compile(program('tokens', 'int8')), {
      code: 'UNAVAILABLE',
      path: 'precision',
      message: 'precision: int8 is computed on the CPU only, the device is tfjs',
    });
  });

  it('take smaller codes on processors that would overflow', () => {
    const known = { model: '', family: '' };
    const codeOf = (arch: string, ...flags: string[]): number => largestWeightCode({ ...known, arch, flags });
    assert.deepEqual(
      [
        codeOf('x64', 'avx2'),
        codeOf('x64', 'avx2', 'avx_vnni'),
        codeOf('x64', 'avx512_vnni'),
        codeOf('arm64'),
      ],
      [63, 127, 127, 127],
    );
  });

  it('are named by precisions that there are, each with a digest', () => {
    assert.equal(parsePrecision('int8'), 'int8');
    assert.throws(() => parsePrecision('int4', '--precision'), {
      code: 'BAD_USER_INPUT',
      path: '--precision',
      message: '--precision: expected one of float32, int8, got "int4"',
    });
    assert.notEqual(precisionSha256('int8'), precisionSha256('float32'));
  });
});
