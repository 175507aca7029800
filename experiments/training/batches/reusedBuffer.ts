/** Memory that one batch after another is laid into: new memory for each would take its time to be cleared and collected. */
export class ReusedBuffer {
  #data = new Float32Array(0);

  /** Room for so many numbers, whatever they are now. What an earlier call gave may be the same memory. */
  take(size: number): Float32Array {
    if (this.#data.length < size) this.#data = new Float32Array(Math.ceil(size * 1.25));
    return this.#data.subarray(0, size);
  }
}
