/** Points of one metric as they are sent. */
export interface Series {
  name: string;
  steps: number[];
  values: (number | null)[];
  times: number[];
  /** A word for each null among the values, as JSON has no number for it. */
  special: string[];
}

/** Points that wait to be sent, by metric. */
export class PointBuffer {
  #series = new Map<string, Series>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(name: string, step: number, value: number, time: number): void {
    let series = this.#series.get(name);
    if (series === undefined) {
      series = { name, steps: [], values: [], times: [], special: [] };
      this.#series.set(name, series);
    }
    series.steps.push(step);
    series.times.push(time);
    if (Number.isFinite(value)) series.values.push(value);
    else {
      series.values.push(null);
      series.special.push(String(value));
    }
    this.#count += 1;
  }

  /** Takes everything out. */
  take(): Series[] {
    const series = [...this.#series.values()];
    this.#series = new Map();
    this.#count = 0;
    return series;
  }
}
