/** Whether more of a metric is better, as far as its name tells: null when it does not. */
export function higherIsBetter(name: string): boolean | null {
  const leaf = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  if (/accuracy|f1|precision|recall|auc|score/.test(leaf)) return true;
  if (/loss|error|perplexity|seconds/.test(leaf)) return false;
  return null;
}
