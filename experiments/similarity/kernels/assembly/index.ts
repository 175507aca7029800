// WebAssembly SIMD kernels of similarity search, in AssemblyScript. Pointers are byte offsets. Rows of codes are `stride` bytes long, a
// multiple of 16, with zeros after the last dimension.

/**
 * Writes vectors as signed bytes: code = round(x / scale), scale = max |x| / 127 of the row. `errors` takes the length of what is lost
 * of a row, ‖x − scale · code‖₂, rounded up.
 */
export function encodeRows(
  vectors: usize,
  codes: usize,
  scales: usize,
  errors: usize,
  rows: usize,
  dimensions: usize,
  stride: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    const from = vectors + ((row * dimensions) << 2);
    const to = codes + row * stride;
    let largest: f32 = 0;
    for (let column: usize = 0; column < dimensions; column++) {
      largest = max(largest, abs(load<f32>(from + (column << 2))));
    }
    const scale: f32 = largest / 127;
    const inverse: f32 = largest > 0 ? 127 / largest : 0;
    let lost: f64 = 0;
    for (let column: usize = 0; column < dimensions; column++) {
      const value = load<f32>(from + (column << 2));
      const code = nearest(value * inverse);
      store<i8>(to + column, <i8>(<i32>code));
      const rest = <f64>value - <f64>scale * <f64>code;
      lost += rest * rest;
    }
    store<f32>(scales + (row << 2), scale);
    store<f32>(errors + (row << 2), <f32>(sqrt(lost) * 1.000001 + 1e-9));
  }
}

/** Products of 16-bit codes of a query with every row, times the row's scale and `scale`. The sums must fit 32 bits. */
export function scoreRows(
  query: usize,
  codes: usize,
  scales: usize,
  scores: usize,
  rows: usize,
  stride: usize,
  scale: f32,
): void {
  for (let row: usize = 0; row < rows; row++) {
    const from = codes + row * stride;
    let even = i32x4.splat(0);
    let odd = i32x4.splat(0);
    for (let column: usize = 0; column < stride; column += 16) {
      const low = v128.load_ext<i8>(from + column);
      const high = v128.load_ext<i8>(from + column + 8);
      even = i32x4.add(even, i32x4.dot_i16x8_s(low, v128.load(query + (column << 1))));
      odd = i32x4.add(odd, i32x4.dot_i16x8_s(high, v128.load(query + (column << 1) + 16)));
    }
    const sums = i32x4.add(even, odd);
    const sum =
      i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
    store<f32>(scores + (row << 2), <f32>sum * (scale * load<f32>(scales + (row << 2))));
  }
}
