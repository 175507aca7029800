import { existsSync, readFileSync } from 'node:fs';
import { FrostlineError } from '../../errors.js';

/** The WebAssembly kernels over one memory; see assembly/index.ts for what each does. Pointers are byte offsets. */
export interface SearchKernels {
  encodeRows(
    vectors: number,
    codes: number,
    scales: number,
    errors: number,
    rows: number,
    dimensions: number,
    stride: number,
  ): void;
  scoreRows(
    query: number,
    codes: number,
    scales: number,
    scores: number,
    rows: number,
    stride: number,
    scale: number,
  ): void;
}

let compiled: WebAssembly.Module | undefined;

/** The kernels, working on the given memory. */
export function instantiateSearchKernels(memory: WebAssembly.Memory): SearchKernels {
  compiled ??= new WebAssembly.Module(readFileSync(kernelsFile()));
  const abort = (): never => {
    throw new FrostlineError('INTERNAL', 'A WebAssembly kernel aborted');
  };
  return new WebAssembly.Instance(compiled, { env: { memory, abort } }).exports as unknown as SearchKernels;
}

/** The WebAssembly file. `npm run build` writes the kernels to dist/, which holds this module too unless it runs from source. */
function kernelsFile(): URL {
  const candidates = ['../../../search.wasm', '../../../dist/search.wasm'].map(
    (path) => new URL(path, import.meta.url),
  );
  const found = candidates.find((url) => existsSync(url));
  if (found === undefined)
    throw new FrostlineError('UNAVAILABLE', 'dist/search.wasm is missing: run npm run build');
  return found;
}
