import type { KernelRule } from './kernelRule.js';
import { arrangementRules } from './kernels/arrangement.js';
import { elementwiseRules } from './kernels/elementwise.js';
import { fusedRules } from './kernels/fused.js';
import { matrixRules } from './kernels/matrix.js';
import { quantizedRules } from './kernels/quantized.js';
import { reductionRules } from './kernels/reduction.js';

/** Every kernel that a program may run under the recorder, by name. */
export const kernelRules: ReadonlyMap<string, KernelRule> = new Map(
  [...elementwiseRules, ...matrixRules, ...reductionRules, ...arrangementRules, ...fusedRules].map((rule) => [
    rule.kernel,
    rule,
  ]),
);

/** Kernels of no TensorFlow.js operation, which take the place of others in a graph once it is recorded. */
const laterRules: ReadonlyMap<string, KernelRule> = new Map(
  quantizedRules.map((rule) => [rule.kernel, rule]),
);

/** The rule of a kernel that a graph may hold. */
export function ruleOf(kernel: string): KernelRule | undefined {
  return kernelRules.get(kernel) ?? laterRules.get(kernel);
}
