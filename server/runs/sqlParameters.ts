/** Collects the values of a statement; what goes into its text are their numbers only. */
export class SqlParameters {
  readonly values: unknown[] = [];

  /** Adds a value and gives its place in the text, cast to a type that our code names. */
  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}
