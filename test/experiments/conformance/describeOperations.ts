import assert from 'node:assert/strict';

import { evaluateDimension } from '../../../experiments/graph/symbols.js';
import { openRuntime, type Device } from '../../../experiments/runtime/device.js';
import { gradientOf, type Program } from '../../../experiments/runtime/program.js';
import {
  zeros,
  type Executable,
  type Feeds,
  type TensorBuffer,
} from '../../../experiments/runtime/runtime.js';
import { assertClose } from '../../support/closeness.js';
import { kernelCases } from './kernelCases.js';
import { modelCases } from './modelCases.js';
import {
  noise,
  numericGradient,
  programOf,
  resultName,
  weightsName,
  type OperationCase,
  type Sizes,
  type Values,
} from './operationCase.js';

/** Distance from double precision that single precision explains, for results of size about 1; larger ones in proportion. */
export const valueTolerance = 4e-6;
const gradientTolerance = 2e-5;

/** Every kernel by itself, and every operation that the model is written in. */
export const operationCases = [...kernelCases, ...modelCases];

/** The sets of sizes that a case is run with. */
export function runsOf({ sizes = [{}] }: OperationCase): readonly Sizes[] {
  return sizes;
}

/** The declared shape of the result: that of the first run is enough where no size varies, else the case's own symbols are needed. */
export function declaredResult(operation: OperationCase): Program['inputs'][string]['shape'] {
  const probe = Object.fromEntries(
    ['rows', 'sentences', 'tokens', 'length', 'picks'].map((name, index) => [name, 1000003 + index]),
  );
  const nameOf = new Map(Object.entries(probe).map(([name, size]) => [size, name]));
  return operation.shape(probe).map((size) => nameOf.get(size) ?? size);
}

/** Its operands' values for given sizes. */
export function valuesOf({ operands }: OperationCase, sizes: Sizes): Values {
  return Object.fromEntries(Object.entries(operands).map(([name, { values }]) => [name, values(sizes)]));
}

/** The same as tensors. */
export function feedsOf({ operands }: OperationCase, values: Values, sizes: Sizes): Feeds {
  return Object.fromEntries(
    Object.entries(operands).map(([name, { shape, dtype }]): [string, TensorBuffer] => [
      name,
      {
        data: dtype === 'int32' ? Int32Array.from(values[name]) : Float32Array.from(values[name]),
        shape: shape.map((dimension) => evaluateDimension(dimension, sizes)),
      },
    ]),
  );
}

/** Size of the largest value, 1 at least. */
export function scaleOf(values: readonly number[]): number {
  return Math.max(1, ...values.map(Math.abs));
}

async function checkRun(operation: OperationCase, executable: Executable, sizes: Sizes): Promise<void> {
  const { differentiate = [], dtype = 'float32', reference } = operation;
  const values = valuesOf(operation, sizes);
  const shape = operation.shape(sizes);
  const expected = reference(values, sizes);
  const weights = noise(expected.length, 99, 1);
  const feeds = feedsOf(operation, values, sizes);
  if (differentiate.length > 0) feeds[weightsName] = { data: Float32Array.from(weights), shape };

  const outputs = await executable.run(feeds);
  const result = outputs[resultName];
  assert.deepEqual([...result.shape], shape);
  assert.ok(dtype === 'int32' ? result.data instanceof Int32Array : result.data instanceof Float32Array);
  assertClose(result.data, expected, valueTolerance * scaleOf(expected), 'value');

  for (const operand of differentiate) {
    const gradient = outputs[gradientOf(operand)];
    const differences = numericGradient(operation, values, sizes, operand, weights);
    assert.deepEqual([...gradient.shape], [...feeds[operand].shape]);
    assertClose(
      gradient.data,
      differences,
      gradientTolerance * scaleOf(differences),
      `gradient by ${operand}`,
    );
  }

  if (dtype === 'int32') return;
  const target = zeros(shape);
  const again = await executable.run(feeds, { [resultName]: target });
  assert.equal(again[resultName].data, target.data);
  assert.deepEqual(target.data, result.data, 'a second run, into memory of the caller, gives the same bits');
}

/** Tries every operation on a device: the one suite that all runtimes pass. */
export function describeOperations(device: Device): void {
  for (const operation of operationCases) {
    it(`computes ${operation.title}`, async () => {
      const runtime = await openRuntime(device);
      const executable = await runtime.compile(programOf(operation, declaredResult(operation)));
      try {
        for (const sizes of runsOf(operation)) await checkRun(operation, executable, sizes);
      } finally {
        await executable.dispose();
      }
    });
  }
}
