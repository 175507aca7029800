import type { ParameterStore, TrainableParameter } from './parameterStore.js';

export interface AdamStep {
  /** Learning rate of a parameter in this step. */
  learningRate(parameter: TrainableParameter): number;
  weightDecay: number;
  /** Factor on every gradient, such as gradient clipping's. */
  gradientScale: number;
  /** Whether a parameter had a gradient in this step; the others do not move, decay or count. */
  active(parameter: TrainableParameter): boolean;
}

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/**
 * Steps from one sweep over the moments to the next. A moment whose gradient stays zero, such as a dead unit's, decays until a float
 * no longer holds it in full precision, and stands still there; processors take several times as long over such numbers. They are
 * far too small to move a parameter, so they become zero.
 */
const flushPeriod = 64;

/**
 * Moves every active parameter by one step of Adam (Kingma and Ba 2014, arXiv:1412.6980), with decoupled weight decay where it is set
 * (AdamW, Loshchilov and Hutter 2017, arXiv:1711.05101). Follows torch.optim.Adam and AdamW.
 */
export function adamStep(
  store: ParameterStore,
  { learningRate, weightDecay, gradientScale, active }: AdamStep,
): void {
  const { kernels } = store.arena;
  for (const parameter of store.parameters.values()) {
    if (!active(parameter)) continue;
    const steps = ++parameter.steps;
    const rate = learningRate(parameter);
    const stepSize = rate / (1 - beta1 ** steps);
    const rootCorrection = Math.sqrt(1 - beta2 ** steps);
    const keep = 1 - rate * weightDecay;
    const { value, gradient, first, second, touched } = parameter;
    const flushes = steps % flushPeriod === 0;
    const move = (byteOffset: number, count: number): void => {
      kernels.adam(
        value.pointer + byteOffset,
        gradient.pointer + byteOffset,
        first.pointer + byteOffset,
        second.pointer + byteOffset,
        count,
        stepSize,
        beta1,
        beta2,
        epsilon,
        rootCorrection,
        keep,
        gradientScale,
      );
      if (!flushes) return;
      kernels.flushTiny(first.pointer + byteOffset, count);
      kernels.flushTiny(second.pointer + byteOffset, count);
    };
    if (touched === null) move(0, Math.ceil(value.data.length / 4) * 4);
    else {
      const width = value.shape[1] as number;
      for (const [first, count] of touched.stretches()) move(first * width * 4, count * width);
    }
  }
}

/** ‖gradient‖₂ over all active parameters, as torch.nn.utils.clip_grad_norm_ measures it. */
export function gradientNorm(store: ParameterStore, active: AdamStep['active']): number {
  let sum = 0;
  for (const parameter of store.parameters.values()) {
    if (!active(parameter)) continue;
    const { gradient, touched } = parameter;
    if (touched === null)
      sum += store.arena.kernels.sumOfSquares(gradient.pointer, Math.ceil(gradient.data.length / 4) * 4);
    else {
      const width = gradient.shape[1] as number;
      for (const [first, count] of touched.stretches())
        sum += store.arena.kernels.sumOfSquares(gradient.pointer + first * width * 4, count * width);
    }
  }
  return Math.sqrt(sum);
}

/** Factor that brings a gradient of this norm down to `limit`, as torch.nn.utils.clip_grad_norm_ computes it. */
export function clipFactor(norm: number, limit: number): number {
  return Math.min(1, limit / (norm + 1e-6));
}
