import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { enableProdMode, engine, setBackend, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { FrostlineError } from '../errors.js';
import { unavailablePrecision } from './precision.js';
import { runProgram, type Program } from './program.js';
import type { Executable, Runtime, TensorBuffer } from './runtime.js';

/** A TensorFlow.js backend that computes as it goes: `tensorflow` (tfjs-node-gpu, tfjs-node) or `cpu` (plain JavaScript). */
export interface EagerBackend {
  name: 'tensorflow' | 'cpu';
  package: string;
}

/**
 * The native package when it is installed (tfjs-node-gpu before tfjs-node), else the JavaScript backend. Loading a package registers
 * its backend with TensorFlow.js.
 */
export async function loadEagerBackend(): Promise<EagerBackend> {
  enableProdMode(); // or it greets on the terminal
  for (const name of nativePackages) {
    const path = find(name);
    if (path === undefined) continue;
    try {
      await import(pathToFileURL(path).href);
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
      throw new FrostlineError('UNAVAILABLE', `device: ${name} is installed and does not load: ${reason}`, {
        path: 'device',
        cause: error,
      });
    }
    return { name: 'tensorflow', package: name };
  }
  const name = '@tensorflow/tfjs-backend-cpu';
  await import(name);
  return { name: 'cpu', package: name };
}

/** Packages that run TensorFlow's own kernels, the fastest first. They are no dependencies: who wants one installs it. */
export const nativePackages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** Where a package's entry lies: beside this project, or in a folder that NODE_PATH names. */
function find(name: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
}

/** The native packages that are installed. */
export function installedNativePackages(): string[] {
  return nativePackages.filter((name) => find(name) !== undefined);
}

/** The second runtime: runs a program's operations one by one on a TensorFlow.js backend. */
export class EagerRuntime implements Runtime {
  readonly description: string;
  readonly deterministic: boolean;

  constructor(private readonly backend: EagerBackend) {
    this.description = `tfjs ${backend.name} (${backend.package})`;
    this.deterministic = backend.name === 'cpu';
  }

  async compile(program: Program): Promise<Executable> {
    if (program.precision === 'int8') throw unavailablePrecision('int8', 'tfjs');
    await setBackend(this.backend.name);
    const constants = Object.entries(program.constants).map(
      ([name, { data, shape }]) => [name, tensor(data, [...shape], 'float32')] as const,
    );
    return {
      bytes: constants.reduce((sum, [, { size }]) => sum + size * Float32Array.BYTES_PER_ELEMENT, 0),
      run: async (feeds, fetches = {}) => {
        await setBackend(this.backend.name);
        engine().startScope();
        try {
          const tensors: Record<string, Tensor> = Object.fromEntries(constants);
          for (const [name, { data, shape }] of Object.entries(feeds)) {
            const declaration = program.inputs[name];
            if (declaration !== undefined) tensors[name] = tensor(data, [...shape], declaration.dtype);
          }
          const results = runProgram(program, tensors);
          const read = Object.entries(results).map(
            ([name, result]) => [name, readInto(result, fetches[name])] as const,
          );
          Object.values(results).forEach((result) => result.dispose());
          return Object.fromEntries(read);
        } finally {
          engine().endScope();
        }
      },
      dispose: async () => constants.forEach(([, constant]) => constant.dispose()),
    };
  }
}

function readInto(result: Tensor, target: TensorBuffer | undefined): TensorBuffer {
  const data = result.dataSync() as Float32Array | Int32Array;
  if (target === undefined) return { data: ofType(result.dtype, data), shape: result.shape };
  target.data.set(data);
  return target;
}

/** The JavaScript backend keeps a cast's data as they were; what leaves a runtime has the type it says. */
function ofType(dtype: string, data: Float32Array | Int32Array): Float32Array | Int32Array {
  if (dtype === 'int32') return data instanceof Int32Array ? data : Int32Array.from(data);
  return data instanceof Float32Array ? data : Float32Array.from(data);
}
