import type { KernelRule } from './kernelRule.js';
import { arrangementRules } from './kernels/arrangement.js';
import { elementwiseRules } from './kernels/elementwise.js';
import { fusedRules } from './kernels/fused.js';
import { matrixRules } from './kernels/matrix.js';
import { reductionRules } from './kernels/reduction.js';

/** Every kernel that a program may run under the recorder, by name. */
export const kernelRules: ReadonlyMap<string, KernelRule> = new Map(
  [...elementwiseRules, ...matrixRules, ...reductionRules, ...arrangementRules, ...fusedRules].map((rule) => [
    rule.kernel,
    rule,
  ]),
);
