import { FrostlineError } from '../../errors.js';
import { sizeOf } from '../../models/layout.js';
import type { TensorBuffer } from '../../runtime/runtime.js';
import { instantiateKernels, type Kernels } from './kernels/kernels.js';

const pageBytes = 65536;
const maxPages = 65536;
const alignment = 128;

/** A float32 array inside the arena: its byte offset for the kernels, and the same memory as a tensor for the runtime. */
export interface ArenaTensor extends TensorBuffer {
  data: Float32Array;
  pointer: number;
}

/**
 * One WebAssembly memory that the kernels and ONNX Runtime's tensors share, so that neither copies. It is sized once: growing a memory
 * would detach every view of it.
 */
export class Arena {
  readonly kernels: Kernels;
  readonly #memory: WebAssembly.Memory;
  #next = pageBytes; // the first page belongs to the module's own data

  /** @param bytes room for everything that will be allocated; see `arenaBytes` */
  constructor(bytes: number) {
    const pages = Math.ceil(bytes / pageBytes) + 1;
    if (pages > maxPages) {
      const gib = (bytes / 2 ** 30).toFixed(1);
      throw new FrostlineError(
        'UNAVAILABLE',
        `Training needs ${gib} GiB for parameters and moments, more than the 4 GiB there is room for`,
      );
    }
    this.#memory = new WebAssembly.Memory({ initial: pages });
    this.kernels = instantiateKernels(this.#memory);
  }

  /** A new tensor of zeros; it is aligned and padded as the kernels need it. */
  allocate(shape: readonly number[]): ArenaTensor {
    const pointer = this.#next;
    this.#next += arenaBytes(shape);
    if (this.#next > this.#memory.buffer.byteLength)
      throw new FrostlineError('INTERNAL', 'The arena is full');
    return { pointer, shape, data: new Float32Array(this.#memory.buffer, pointer, sizeOf(shape)) };
  }
}

/** Bytes that a tensor of this shape takes in an arena. */
export function arenaBytes(shape: readonly number[]): number {
  return Math.ceil((sizeOf(shape) * 4) / alignment) * alignment;
}
