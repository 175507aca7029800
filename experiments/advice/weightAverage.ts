import type { ParameterStore } from '../training/optimizer/parameterStore.js';

/**
 * Running mean of the trained weights over steps (Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992):
 * takes out what a constant learning rate swings to and fro, so that a short trial tells more of where it is going.
 */
export class WeightAverage {
  readonly #means = new Map<string, Float32Array>();
  #count = 0;

  /** Takes the weights in as they are now. */
  add({ parameters }: ParameterStore): void {
    this.#count++;
    for (const [name, { value }] of parameters) {
      const mean = this.#means.get(name);
      if (mean === undefined) this.#means.set(name, value.data.slice());
      else {
        for (let index = 0; index < mean.length; index++)
          mean[index] += (value.data[index] - mean[index]) / this.#count;
      }
    }
  }

  /** Puts the mean in the weights' place. */
  apply({ parameters }: ParameterStore): void {
    for (const [name, { value }] of parameters) {
      const mean = this.#means.get(name);
      if (mean !== undefined) value.data.set(mean);
    }
  }
}
