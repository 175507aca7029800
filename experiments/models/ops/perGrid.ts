/** Something of each grid of attention: of one with all sentences, or of two (the short sentences and the long ones). */
export type PerGrid<Value> = readonly [Value] | readonly [Value, Value];

/** The like of it made of each value, of as many grids. */
export function mapGrids<From, To>(values: PerGrid<From>, map: (value: From) => To): PerGrid<To> {
  return values.length === 1 ? [map(values[0])] : [map(values[0]), map(values[1])];
}
