/** The values of a statement, numbered as they are added, so that statements can be put together from parts. */
export class Parameters {
  readonly values: unknown[] = [];

  /** Adds a value and returns what stands for it in the statement. */
  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }

  /** Adds columns of equal length and returns what stands for a table of them, in order, with `alias` as its name. */
  rows(alias: string, columns: Record<string, [type: string, values: readonly unknown[]]>): string {
    const arrays = Object.values(columns).map(([type, values]) => this.add(values, `${type}[]`));
    return `unnest(${arrays.join(', ')}) AS ${alias} (${Object.keys(columns).join(', ')})`;
  }
}
