import { existsSync, readFileSync } from 'node:fs';
import { FrostlineError } from '../../../errors.js';

/** The WebAssembly kernels over one memory; see assembly/index.ts for what each does. Pointers are byte offsets. */
export interface Kernels {
  adam(
    parameter: number,
    gradient: number,
    first: number,
    second: number,
    count: number,
    stepSize: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    rootCorrection: number,
    keep: number,
    scale: number,
  ): void;
  flushTiny(values: number, count: number): void;
  sumOfSquares(values: number, count: number): number;
  addScaled(sum: number, values: number, count: number, scale: number): void;
  dropoutMask(
    mask: number,
    count: number,
    key0: number,
    key1: number,
    stepLow: number,
    stepHigh: number,
    threshold: number,
    kept: number,
  ): void;
}

let compiled: WebAssembly.Module | undefined;

/** The kernels, working on the given memory. */
export function instantiateKernels(memory: WebAssembly.Memory): Kernels {
  compiled ??= new WebAssembly.Module(readFileSync(kernelsFile()));
  const instance = new WebAssembly.Instance(compiled, {
    env: {
      memory,
      abort: () => {
        throw new FrostlineError('INTERNAL', 'A WebAssembly kernel aborted');
      },
    },
  });
  return instance.exports as unknown as Kernels;
}

/** The WebAssembly file. `npm run build` writes the kernels to dist/, which holds this module too unless it runs from source. */
export function kernelsFile(): URL {
  const candidates = ['../../../../kernels.wasm', '../../../../dist/kernels.wasm'].map(
    (path) => new URL(path, import.meta.url),
  );
  const found = candidates.find((url) => existsSync(url));
  if (found === undefined)
    throw new FrostlineError('UNAVAILABLE', 'dist/kernels.wasm is missing: run npm run build');
  return found;
}
