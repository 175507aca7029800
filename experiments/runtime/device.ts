import { availableParallelism } from 'node:os';
import { FrostlineError } from '../errors.js';
import { CompiledRuntime } from './compiled.js';
import { EagerRuntime, loadEagerBackend } from './eager.js';
import { supportedOnnxDevices } from './onnxSession.js';
import type { Runtime } from './runtime.js';

/** What `--device` takes. `auto` is CUDA where ONNX Runtime has it, else the CPU. */
export const devices = ['auto', 'cpu', 'webgpu', 'cuda', 'tfjs'] as const;

export type Device = (typeof devices)[number];

/** The runtime for a device; `threads` defaults to the number of processors this process may use. */
export async function openRuntime(
  device: Device = 'auto',
  threads = availableParallelism(),
): Promise<Runtime> {
  switch (device) {
    case 'tfjs':
      return new EagerRuntime(await loadEagerBackend());
    case 'auto':
      return new CompiledRuntime(supportedOnnxDevices().includes('cuda') ? 'cuda' : 'cpu', threads);
    case 'cpu':
    case 'webgpu':
    case 'cuda': {
      const supported = supportedOnnxDevices();
      if (!supported.includes(device)) {
        throw new FrostlineError(
          'UNAVAILABLE',
          `device: ${device} is not in this installation of ONNX Runtime, which has ${supported.join(', ')}`,
          { path: 'device' },
        );
      }
      return new CompiledRuntime(device, threads);
    }
  }
}
