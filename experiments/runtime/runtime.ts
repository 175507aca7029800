import type { Program } from './program.js';

/** A tensor in memory that the caller owns. The same object may be passed at every run; runtimes then keep their handle to it. */
export interface TensorBuffer {
  data: Float32Array | Int32Array;
  shape: readonly number[];
}

export type Feeds = Record<string, TensorBuffer>;

/** A program made ready to run by one runtime. */
export interface Executable {
  /** Memory that its constants take now, in bytes; more once it has run with other numbers of threads. */
  readonly bytes: number;
  /**
   * Runs the program once.
   * @param feeds a tensor for each input
   * @param fetches tensors that outputs are written into; outputs not named here come in new memory
   */
  run(feeds: Feeds, fetches?: Record<string, TensorBuffer>): Promise<Record<string, TensorBuffer>>;
  dispose(): Promise<void>;
}

/** One way to execute programs on one device. */
export interface Runtime {
  /** For people and provenance, such as `cpu (ONNX Runtime 1.30.0)`. */
  readonly description: string;
  /** Whether equal inputs give equal bits on this machine, whatever the number of threads. */
  readonly deterministic: boolean;
  compile(program: Program): Promise<Executable>;
}

/** A new buffer of zeros. */
export function zeros(shape: readonly number[]): TensorBuffer {
  return { data: new Float32Array(shape.reduce((product, size) => product * size, 1)), shape };
}
