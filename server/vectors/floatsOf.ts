/** The 32-bit floats of a blob. */
export function floatsOf(bytes: Buffer): Float32Array {
  // A small buffer may begin anywhere within a larger one.
  if (bytes.byteOffset % 4 !== 0) return new Float32Array(new Uint8Array(bytes).buffer);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}
