import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { FrostlineError } from '../errors.js';
import type { Feeds, TensorBuffer } from './runtime.js';

/** Devices that ONNX Runtime may be asked for; which are there depends on how it was installed. */
export type OnnxDevice = 'cpu' | 'webgpu' | 'cuda';

export interface OnnxSession {
  run(feeds: Feeds, fetches: Record<string, TensorBuffer>): Promise<Record<string, TensorBuffer>>;
  dispose(): Promise<void>;
}

const onlyErrors = 3;

export function onnxRuntimeVersion(): string {
  return env.versions.node ?? 'unknown';
}

/** Execution providers that this installation of ONNX Runtime can load: the bundled ones, and CUDA once its libraries were added. */
export function supportedOnnxDevices(): OnnxDevice[] {
  const backends = listSupportedBackends();
  return (['cpu', 'webgpu', 'cuda'] as const).filter((device) =>
    backends.some(({ name, bundled }) => name === device && (bundled || cudaLibraryIsThere())),
  );
}

function cudaLibraryIsThere(): boolean {
  const packageFolder = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')), '..');
  return readdirSync(join(packageFolder, 'bin'), { recursive: true, encoding: 'utf8' }).some(
    (file) => /providers_cuda/.test(file) && file.includes(join(process.platform, process.arch)),
  );
}

/** Loads a serialised ONNX model. Threads are the worker threads of one run; results do not depend on their number. */
export async function createOnnxSession(
  model: Uint8Array,
  device: OnnxDevice,
  threads: number,
): Promise<OnnxSession> {
  const session = await load(model, device, threads);
  const handles = new WeakMap<TensorBuffer, Tensor>();
  const handleOf = (buffer: TensorBuffer): Tensor => {
    const known = handles.get(buffer);
    if (known !== undefined) return known;
    const handle = wrap(buffer);
    handles.set(buffer, handle);
    return handle;
  };
  const allocated = Object.fromEntries(session.outputNames.map((name) => [name, null]));
  return {
    async run(feeds, fetches) {
      const inputs = Object.fromEntries(
        Object.entries(feeds).map(([name, buffer]) => [name, handleOf(buffer)]),
      );
      const targets = Object.entries(fetches).map(([name, buffer]) => [name, handleOf(buffer)] as const);
      const outputs = await session.run(inputs, { ...allocated, ...Object.fromEntries(targets) });
      return Object.fromEntries(
        session.outputNames.map((name) => [name, fetches[name] ?? unwrap(outputs[name] as Tensor)]),
      );
    },
    dispose: () => session.release(),
  };
}

async function load(model: Uint8Array, device: OnnxDevice, threads: number): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, {
      executionProviders: [device],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: onlyErrors,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FrostlineError('UNAVAILABLE', `ONNX Runtime could not start on ${device}: ${reason}`, {
      cause: error,
    });
  }
}

function wrap({ data, shape }: TensorBuffer): Tensor {
  return data instanceof Float32Array ? new Tensor('float32', data, shape) : new Tensor('int32', data, shape);
}

function unwrap(tensor: Tensor): TensorBuffer {
  return { data: tensor.data as Float32Array | Int32Array, shape: tensor.dims };
}
