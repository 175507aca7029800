// WebAssembly SIMD kernels, in AssemblyScript. Pointers are byte offsets into the memory that ONNX Runtime's tensors also view,
// aligned to 16 bytes; every array is padded to a multiple of four elements, so no kernel has a scalar tail.

/**
 * One step of Adam (Kingma and Ba 2014, arXiv:1412.6980) with decoupled weight decay (Loshchilov and Hutter 2017, arXiv:1711.05101), in
 * the order of operations of torch.optim.Adam. `keep` is 1 - learningRate × weightDecay, `stepSize` learningRate / (1 - beta1^t),
 * `rootCorrection` √(1 - beta2^t), `scale` a factor on the gradient (clipping).
 */
export function adam(
  parameter: usize,
  gradient: usize,
  first: usize,
  second: usize,
  count: usize,
  stepSize: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  rootCorrection: f32,
  keep: f32,
  scale: f32,
): void {
  const scaleX4 = f32x4.splat(scale);
  const towardsGradient = f32x4.splat(1 - beta1);
  const beta2X4 = f32x4.splat(beta2);
  const towardsSquare = f32x4.splat(1 - beta2);
  const rootCorrectionX4 = f32x4.splat(rootCorrection);
  const epsilonX4 = f32x4.splat(epsilon);
  const stepSizeX4 = f32x4.splat(stepSize);
  const keepX4 = f32x4.splat(keep);
  for (let offset: usize = 0; offset < count << 2; offset += 16) {
    const g = f32x4.mul(v128.load(gradient + offset), scaleX4);
    const m = v128.load(first + offset);
    const m1 = f32x4.add(m, f32x4.mul(f32x4.sub(g, m), towardsGradient));
    const v1 = f32x4.add(f32x4.mul(v128.load(second + offset), beta2X4), f32x4.mul(f32x4.mul(g, g), towardsSquare));
    v128.store(first + offset, m1);
    v128.store(second + offset, v1);
    const denominator = f32x4.add(f32x4.div(f32x4.sqrt(v1), rootCorrectionX4), epsilonX4);
    const decayed = f32x4.mul(v128.load(parameter + offset), keepX4);
    v128.store(parameter + offset, f32x4.sub(decayed, f32x4.mul(stepSizeX4, f32x4.div(m1, denominator))));
  }
}

/** The smallest number that a float holds in full precision. */
const smallestNormal: f32 = 1.17549435e-38;

/** Sets to zero what is below full precision. */
export function flushTiny(values: usize, count: usize): void {
  const smallest = f32x4.splat(smallestNormal);
  for (let offset: usize = 0; offset < count << 2; offset += 16) {
    const x = v128.load(values + offset);
    v128.store(values + offset, v128.and(x, f32x4.ge(f32x4.abs(x), smallest)));
  }
}

/** Σ x², each lane summed in double precision. */
export function sumOfSquares(values: usize, count: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let offset: usize = 0; offset < count << 2; offset += 16) {
    const x = v128.load(values + offset);
    const a = f64x2.promote_low_f32x4(x);
    const b = f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const both = f64x2.add(low, high);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/** sum += scale × values */
export function addScaled(sum: usize, values: usize, count: usize, scale: f32): void {
  const scaleX4 = f32x4.splat(scale);
  for (let offset: usize = 0; offset < count << 2; offset += 16) {
    v128.store(sum + offset, f32x4.add(v128.load(sum + offset), f32x4.mul(v128.load(values + offset), scaleX4)));
  }
}

// @ts-ignore: decorator
@inline
function highProduct(a: v128, multiplier: v128): v128 {
  const low = i64x2.extmul_low_i32x4_u(a, multiplier);
  const high = i64x2.extmul_high_i32x4_u(a, multiplier);
  return v128.shuffle<i32>(low, high, 1, 3, 5, 7);
}

/**
 * A dropout mask: `kept` where a 16-bit random number is at least `threshold`, else 0. The numbers are the halves of the words of
 * Philox4x32-10 (Salmon et al. 2011) for the counters (block, 0, step low, step high) and the given key, so element i of a mask
 * depends on seed, site, step and i alone. Writes a multiple of 32 elements.
 */
export function dropoutMask(
  mask: usize,
  count: usize,
  key0: u32,
  key1: u32,
  stepLow: u32,
  stepHigh: u32,
  threshold: u32,
  kept: f32,
): void {
  const multiplier0 = i32x4.splat(<i32>0xd2511f53);
  const multiplier1 = i32x4.splat(<i32>0xcd9e8d57);
  const limit = i32x4.splat(<i32>threshold);
  const keptX4 = f32x4.splat(kept);
  const lowHalf = i32x4.splat(0xffff);
  let blocks = i32x4(0, 1, 2, 3);
  const four = i32x4.splat(4);
  for (let offset: usize = 0; offset < count << 2; offset += 128) {
    let c0 = blocks;
    let c1 = i32x4.splat(0);
    let c2 = i32x4.splat(<i32>stepLow);
    let c3 = i32x4.splat(<i32>stepHigh);
    let k0 = key0;
    let k1 = key1;
    for (let round = 0; round < 10; round++) {
      const high0 = highProduct(c0, multiplier0);
      const high1 = highProduct(c2, multiplier1);
      const low0 = i32x4.mul(c0, multiplier0);
      const low1 = i32x4.mul(c2, multiplier1);
      c0 = v128.xor(v128.xor(high1, c1), i32x4.splat(<i32>k0));
      c1 = low1;
      c2 = v128.xor(v128.xor(high0, c3), i32x4.splat(<i32>k1));
      c3 = low0;
      k0 += 0x9e3779b9;
      k1 += 0xbb67ae85;
    }
    store8(mask + offset, c0, lowHalf, limit, keptX4);
    store8(mask + offset + 32, c1, lowHalf, limit, keptX4);
    store8(mask + offset + 64, c2, lowHalf, limit, keptX4);
    store8(mask + offset + 96, c3, lowHalf, limit, keptX4);
    blocks = i32x4.add(blocks, four);
  }
}

// @ts-ignore: decorator
@inline
function store8(mask: usize, words: v128, lowHalf: v128, limit: v128, kept: v128): void {
  v128.store(mask, v128.and(i32x4.ge_u(v128.and(words, lowHalf), limit), kept));
  v128.store(mask + 16, v128.and(i32x4.ge_u(i32x4.shr_u(words, 16), limit), kept));
}
