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
 * depends on seed, site, step and i alone. Writes a multiple of 64 elements.
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
  const weyl0 = i32x4.splat(<i32>0x9e3779b9);
  const weyl1 = i32x4.splat(<i32>0xbb67ae85);
  const firstKey0 = i32x4.splat(<i32>key0);
  const firstKey1 = i32x4.splat(<i32>key1);
  const low = i32x4.splat(<i32>stepLow);
  const high = i32x4.splat(<i32>stepHigh);
  let blocks = i32x4(0, 1, 2, 3);
  const four = i32x4.splat(4);
  const eight = i32x4.splat(8);
  // Twice four blocks at a time, so that the processor has something to do while it waits for one half's products.
  for (let offset: usize = 0; offset < count << 2; offset += 256) {
    let a0 = blocks;
    let a1 = i32x4.splat(0);
    let a2 = low;
    let a3 = high;
    let b0 = i32x4.add(blocks, four);
    let b1 = i32x4.splat(0);
    let b2 = low;
    let b3 = high;
    let k0 = firstKey0;
    let k1 = firstKey1;
    for (let round = 0; round < 10; round++) {
      const aHigh0 = highProduct(a0, multiplier0);
      const bHigh0 = highProduct(b0, multiplier0);
      const aHigh1 = highProduct(a2, multiplier1);
      const bHigh1 = highProduct(b2, multiplier1);
      const aLow0 = i32x4.mul(a0, multiplier0);
      const bLow0 = i32x4.mul(b0, multiplier0);
      const aLow1 = i32x4.mul(a2, multiplier1);
      const bLow1 = i32x4.mul(b2, multiplier1);
      a0 = v128.xor(v128.xor(aHigh1, a1), k0);
      b0 = v128.xor(v128.xor(bHigh1, b1), k0);
      a1 = aLow1;
      b1 = bLow1;
      a2 = v128.xor(v128.xor(aHigh0, a3), k1);
      b2 = v128.xor(v128.xor(bHigh0, b3), k1);
      a3 = aLow0;
      b3 = bLow0;
      k0 = i32x4.add(k0, weyl0);
      k1 = i32x4.add(k1, weyl1);
    }
    store8(mask + offset, a0, lowHalf, limit, keptX4);
    store8(mask + offset + 32, a1, lowHalf, limit, keptX4);
    store8(mask + offset + 64, a2, lowHalf, limit, keptX4);
    store8(mask + offset + 96, a3, lowHalf, limit, keptX4);
    store8(mask + offset + 128, b0, lowHalf, limit, keptX4);
    store8(mask + offset + 160, b1, lowHalf, limit, keptX4);
    store8(mask + offset + 192, b2, lowHalf, limit, keptX4);
    store8(mask + offset + 224, b3, lowHalf, limit, keptX4);
    blocks = i32x4.add(blocks, eight);
  }
}

// @ts-ignore: decorator
@inline
function store8(mask: usize, words: v128, lowHalf: v128, limit: v128, kept: v128): void {
  v128.store(mask, v128.and(i32x4.ge_u(v128.and(words, lowHalf), limit), kept));
  v128.store(mask + 16, v128.and(i32x4.ge_u(i32x4.shr_u(words, 16), limit), kept));
}
