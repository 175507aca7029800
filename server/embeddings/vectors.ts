/** The vectors of an answer, each by itself. */
export function rowsOf({
  vectors,
  dimensions,
}: {
  vectors: Float32Array;
  dimensions: number;
}): Float32Array[] {
  return Array.from({ length: vectors.length / dimensions }, (_, row) =>
    vectors.subarray(row * dimensions, (row + 1) * dimensions),
  );
}

/** A vector as base64 of its little-endian 32-bit floats. */
export function toBase64(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}

/** e^x / Σ e^x, the largest logit taken off first. */
export function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
