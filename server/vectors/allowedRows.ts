/** A filter in the numbers of columns. */
export interface CodedFilter {
  splits: number[] | null;
  labels: { task: number; codes: number[] }[];
}

/** 1 for each row that a filter lets through. */
export function allowedRows(
  filter: CodedFilter,
  columns: { splits: Uint8Array; tasks: Uint32Array[] },
): Uint8Array {
  const allowed = new Uint8Array(columns.splits.length).fill(1);
  const splits = filter.splits && new Set(filter.splits);
  const labels = filter.labels.map(({ task, codes }) => ({
    of: columns.tasks[task]!,
    codes: new Set(codes),
  }));
  for (let row = 0; row < allowed.length; row += 1) {
    const passes =
      (splits === null || splits.has(columns.splits[row]!)) &&
      labels.every(({ of, codes }) => codes.has(of[row]!));
    if (!passes) allowed[row] = 0;
  }
  return allowed;
}
