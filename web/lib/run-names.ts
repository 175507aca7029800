/**
 * Names of runs shown together, without the beginning they share up to a separator:
 * "sample · full" and "sample · frozen" become "full" and "frozen". Left whole when one of them would become empty.
 */
export function shortNames(names: readonly string[]): string[] {
  const first = names[0];
  if (first === undefined || names.length < 2) return [...names];
  let shared = 0;
  while (shared < first.length && names.every((name) => name[shared] === first[shared])) shared += 1;
  const separators = [...first.slice(0, shared).matchAll(/[·/:|]\s*| - /g)];
  const last = separators.at(-1);
  if (!last) return [...names];
  const cut = last.index + last[0].length;
  return names.every((name) => name.length > cut) ? names.map((name) => name.slice(cut)) : [...names];
}
