import {
  add,
  customGrad,
  engine,
  erf,
  exp,
  getBackend,
  getKernel,
  mul,
  relu,
  sigmoid,
  step,
  sub,
  tanh,
  type GradSaveFunc,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** The activations of the feed-forward layers that the encoder knows, by the name Hugging Face gives them. */
export const activations = ['gelu', 'gelu_new', 'relu', 'silu', 'tanh'] as const;

export type Activation = (typeof activations)[number];

interface Rule {
  value(x: Tensor): Tensor;
  /** dy · f'(x) */
  gradient(dy: Tensor, x: Tensor): Tensor;
}

const rules: Record<Exclude<Activation, 'gelu'>, Rule> = {
  relu: { value: (x) => relu(x), gradient: (dy, x) => mul(dy, step(x)) },
  tanh: {
    value: (x) => tanh(x),
    gradient: (dy, x) => {
      const y = tanh(x);
      return mul(dy, sub(1, mul(y, y)));
    },
  },
  silu: {
    value: (x) => mul(x, sigmoid(x)),
    gradient: (dy, x) => {
      const gate = sigmoid(x);
      return mul(dy, mul(gate, add(1, mul(x, sub(1, gate)))));
    },
  },
  gelu_new: { value: tanhGelu, gradient: tanhGeluGradient },
};

/** Applies the activation that config.json names (`hidden_act` or `activation`), element by element. */
export function activate(x: Tensor, activation: Activation): Tensor {
  if (activation === 'gelu') return engine().isTapeOn() ? differentiableGelu(x) : exactGelu(x);
  const rule = rules[activation];
  return customGrad((...operands) => {
    const [input, save] = operands as unknown as [Tensor, GradSaveFunc];
    save([input]);
    return {
      value: rule.value(input),
      gradFunc: (dy: Tensor, saved: Tensor[]) => rule.gradient(dy, saved[0] as Tensor),
    };
  })(x);
}

/** x Φ(x) with Φ the normal distribution function (Hendrycks and Gimpel 2016, arXiv:1606.08415). */
function exactGelu(x: Tensor): Tensor {
  if (getKernel('Gelu', getBackend())) return engine().runKernel('Gelu', { x });
  return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
}

/** ln(φ(0) √2) */
const lnDensityScale = -Math.log(Math.PI) / 2;

/**
 * gelu(x) whose gradient is taken too: dy · (Φ(x) + x φ(x)). With s = x/√2 the second term is s · e^(ln(φ(0) √2) − s²); s and Φ are kept,
 * which takes fewer passes over these large tensors than ONNX Runtime's own Gelu and everything anew for the gradient.
 */
function differentiableGelu(x: Tensor): Tensor {
  return customGrad((...operands) => {
    const [input, save] = operands as unknown as [Tensor, GradSaveFunc];
    const scaled = mul(input, Math.SQRT1_2);
    const distribution = normalDistribution(scaled);
    save([scaled, distribution]);
    return {
      value: mul(input, distribution),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [s, phi] = saved as [Tensor, Tensor];
        const density = mul(s, exp(sub(lnDensityScale, mul(s, s))));
        return mul(dy, add(phi, density));
      },
    };
  })(x);
}

/** Φ(s √2) = (1 + erf s) / 2, with Φ the normal distribution function. */
export function normalDistribution(s: Tensor): Tensor {
  if (getKernel('NormalDistribution', getBackend())) return engine().runKernel('NormalDistribution', { s });
  return mul(add(erf(s), 1), 0.5);
}

const tanhGeluScale = Math.sqrt(2 / Math.PI);
const tanhGeluCubic = 0.044715;

/** x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))), which GPT-2 and checkpoints named gelu_new use. */
function tanhGelu(x: Tensor): Tensor {
  return mul(mul(x, 0.5), add(tanhGeluInner(x), 1));
}

function tanhGeluInner(x: Tensor): Tensor {
  return tanh(mul(mul(x, add(mul(mul(x, x), tanhGeluCubic), 1)), tanhGeluScale));
}

function tanhGeluGradient(dy: Tensor, x: Tensor): Tensor {
  const t = tanhGeluInner(x);
  const slope = mul(add(mul(mul(x, x), 3 * tanhGeluCubic), 1), tanhGeluScale);
  const rise = mul(mul(x, sub(1, mul(t, t))), slope);
  return mul(mul(dy, 0.5), add(add(t, 1), rise));
}
