import { availableParallelism } from 'node:os';
import { FrostlineError } from '../errors.js';
import { CompiledRuntime } from './compiled.js';
import { EagerRuntime, loadEagerBackend } from './eager.js';
import { supportedOnnxDevices, type OnnxDevice } from './onnxSession.js';
import type { Runtime } from './runtime.js';

/** What `--device` takes. `auto` is CUDA where ONNX Runtime has it and it starts, else the CPU. */
export const devices = ['auto', 'cpu', 'webgpu', 'cuda', 'tfjs'] as const;

export type Device = (typeof devices)[number];

/**
 * The runtime for a device.
 * @param threads the number of processors this process may use, unless given
 * @param onNotice told when something other than what was asked for computes: the CPU in place of CUDA, or of an operator a device lacks
 * @throws UNAVAILABLE naming why, when a device that was asked for by name is not there or does not start
 */
export async function openRuntime(
  device: Device = 'auto',
  threads = availableParallelism(),
  onNotice: (message: string) => void = () => {},
): Promise<Runtime> {
  switch (device) {
    case 'auto':
      return openBest(threads, onNotice);
    case 'tfjs':
      return new EagerRuntime(await loadEagerBackend());
    case 'cpu':
    case 'webgpu':
    case 'cuda':
      requireInstalled(device);
      return CompiledRuntime.open(device, threads, onNotice);
  }
}

/** The fastest of the installed devices that starts; what did not start is told. */
export async function openBest(
  threads: number,
  onNotice: (message: string) => void,
  installed: readonly OnnxDevice[] = supportedOnnxDevices(),
): Promise<Runtime> {
  if (installed.includes('cuda')) {
    try {
      return await CompiledRuntime.open('cuda', threads, onNotice);
    } catch (error) {
      if (!(error instanceof FrostlineError) || error.code !== 'UNAVAILABLE') throw error;
      onNotice(`${error.message}; the CPU is used instead`);
    }
  }
  return CompiledRuntime.open('cpu', threads, onNotice);
}

/** The one command that adds CUDA to an installation, which the README explains. */
export const cudaCommand = 'npm run add-cuda';

function requireInstalled(device: OnnxDevice): void {
  const supported = supportedOnnxDevices();
  if (supported.includes(device)) return;
  const remedy = device === 'cuda' ? `; ${cudaCommand} adds it` : '';
  throw new FrostlineError(
    'UNAVAILABLE',
    `device: ${device} is not in this installation of ONNX Runtime, which has ${supported.join(', ')}${remedy}`,
    { path: 'device' },
  );
}
