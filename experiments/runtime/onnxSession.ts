import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { FrostlineError } from '../errors.js';
import { PlacementProbe, type Placement } from './placement.js';
import type { Feeds, TensorBuffer } from './runtime.js';

/** Devices that ONNX Runtime may be asked for; which are there depends on how it was installed. */
export type OnnxDevice = 'cpu' | 'webgpu' | 'cuda';

/** What ONNX Runtime calls the code that runs operators on a device. */
export const executionProviders: Record<OnnxDevice, string> = {
  cpu: 'CPUExecutionProvider',
  webgpu: 'WebGpuExecutionProvider',
  cuda: 'CUDAExecutionProvider',
};

export interface OnnxSession {
  /** Runs the model once; every output that is wanted is written into the buffer that is given for it. */
  run(feeds: Feeds, fetches: Record<string, TensorBuffer>): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * The first output of a model for the CPU: a sequence. onnxruntime-node copies every output into new JavaScript memory once a run is
 * over, even one that was written into a buffer of ours, and the copies of a large model's gradients take longer than the run
 * itself. It converts outputs in their order and gives up, with the message below, at the first that is not a tensor: by then all of
 * ours are written. Should another version convert sequences or say something else, runs are as right as before, only slower.
 */
export const uncopiedOutput = 'uncopied';
const sequencesAreNotConverted = 'Non tensor type is temporarily not supported.';

export interface SessionOptions {
  device: OnnxDevice;
  /** Worker threads of one run; results do not depend on their number. */
  threads: number;
  /** Told once, after the first run, where the operators ran. That run takes a little longer. */
  onPlacement?(placements: Placement[]): void;
}

const onlyErrors = 3;

const ofCpuSessions: InferenceSession.SessionOptions = {
  // Plans of where tensors lie are made for each set of shapes, and hardly two batches have the same.
  enableMemPattern: false,
  extra: {
    session: {
      // Between runs the processors belong to what is done there, not to threads that wait for the next one.
      force_spinning_stop: '1',
      // A thread that waits looks for work less often, which leaves more of the processor to the one that it waits for.
      intra_op: { spin_backoff_max: '4' },
    },
    // A sum and a Gelu take less time than the two in one.
    optimization: { disable_specified_optimizers: 'BiasGeluFusion' },
  },
};

export function onnxRuntimeVersion(): string {
  return env.versions.node ?? 'unknown';
}

/** Execution providers that this installation of ONNX Runtime can load: the bundled ones, and CUDA once its libraries were added. */
export function supportedOnnxDevices(): OnnxDevice[] {
  const backends = listSupportedBackends();
  return (['cpu', 'webgpu', 'cuda'] as const).filter((device) =>
    backends.some(({ name, bundled }) => name === device && (bundled || cudaLibrary() !== undefined)),
  );
}

function cudaLibrary(): string | undefined {
  const folder = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')), '..', 'bin');
  const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find(
    (path) => /providers_cuda/.test(path) && path.includes(join(process.platform, process.arch)),
  );
  return file === undefined ? undefined : join(folder, file);
}

/** Loads a serialised ONNX model. */
export async function createOnnxSession(model: Uint8Array, options: SessionOptions): Promise<OnnxSession> {
  let probe = options.onPlacement === undefined ? undefined : new PlacementProbe();
  const session = await load(model, options, probe).catch((error: unknown) => {
    probe?.dispose();
    throw error;
  });
  const handles = new WeakMap<TensorBuffer, Tensor>();
  const handleOf = (buffer: TensorBuffer): Tensor => {
    const known = handles.get(buffer);
    if (known !== undefined) return known;
    const handle = wrap(buffer);
    handles.set(buffer, handle);
    return handle;
  };
  const compute = async (inputs: Record<string, Tensor>, targets: Record<string, Tensor>): Promise<void> => {
    if (session.outputNames[0] === uncopiedOutput) {
      try {
        await session.run(inputs, { [uncopiedOutput]: null, ...targets });
        return;
      } catch (error) {
        if (error instanceof Error && error.message === sequencesAreNotConverted) return;
      }
    }
    await session.run(inputs, targets);
  };
  return {
    async run(feeds, fetches) {
      const handlesOf = (buffers: Feeds): Record<string, Tensor> =>
        Object.fromEntries(Object.entries(buffers).map(([name, buffer]) => [name, handleOf(buffer)]));
      await compute(handlesOf(feeds), handlesOf(fetches));
      if (probe === undefined) return;
      session.endProfiling();
      options.onPlacement?.(probe.read());
      probe.dispose();
      probe = undefined;
    },
    async dispose() {
      await session.release();
      probe?.dispose();
    },
  };
}

async function load(
  model: Uint8Array,
  { device, threads }: SessionOptions,
  probe: PlacementProbe | undefined,
): Promise<InferenceSession> {
  env.logLevel = 'fatal'; // what goes wrong comes as an exception too, without a greeting on the terminal
  try {
    return await InferenceSession.create(model, {
      executionProviders: [device],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: onlyErrors,
      ...(device === 'cpu' ? ofCpuSessions : {}),
      ...probe?.sessionOptions,
    });
  } catch (error) {
    const reason = reasonOf(error, device);
    throw new FrostlineError('UNAVAILABLE', `device: ONNX Runtime could not start on ${device}: ${reason}`, {
      path: 'device',
      cause: error,
    });
  }
}

/** One line that says why, of what ONNX Runtime reports over several with its source files' names. */
function reasonOf(error: unknown, device: OnnxDevice): string {
  const missing = device === 'cuda' ? missingCudaLibrary() : undefined;
  if (missing !== undefined) return missing;
  const text = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
  const [ofCuda] = /CUDA failure \d+: [^;]+(?=;)/.exec(text) ?? [];
  return ofCuda?.trim() ?? text.replace(/^\/\S+ .*? was false\. /, '');
}

/**
 * What the CUDA provider's library itself lacks, such as a library of CUDA; undefined when it loads. ONNX Runtime only says that it
 * could not load it; the system's loader, asked for the same file as if it were an addon, names what is missing.
 */
function missingCudaLibrary(): string | undefined {
  const library = cudaLibrary();
  if (library === undefined) return undefined;
  try {
    process.dlopen({ exports: {} }, library);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (/cannot open shared object|undefined symbol|not found/.test(text)) return text;
  }
  return undefined;
}

function wrap({ data, shape }: TensorBuffer): Tensor {
  return data instanceof Float32Array ? new Tensor('float32', data, shape) : new Tensor('int32', data, shape);
}
