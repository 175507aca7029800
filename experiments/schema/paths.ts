/** A copy of `json` with the value at a dotted path replaced; objects on the way that are missing are made. */
export function withValueAt(json: unknown, path: readonly string[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(json)) {
    const copy: unknown[] = [...(json as unknown[])];
    if (/^\d+$/.test(step) && Number(step) <= copy.length) {
      copy[Number(step)] = withValueAt(copy[Number(step)], rest, value);
      return copy;
    }
    return { [step]: withValueAt(undefined, rest, value) };
  }
  const fields = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  const copy = new Map<string, unknown>(fields);
  copy.set(step, withValueAt(copy.get(step), rest, value));
  return Object.fromEntries(copy);
}
