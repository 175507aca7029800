/** Names that a reader may have meant. */

/** How many letters must be added, removed or changed to turn one name into another. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}

/** The names most like the wanted one, best first; those that share its last part come before others. */
export function nearestNames(wanted: string, names: readonly string[], most = 3): string[] {
  const measure = wanted.split('/').at(-1);
  const score = (name: string) =>
    distance(wanted.toLowerCase(), name.toLowerCase()) - (name.split('/').at(-1) === measure ? 100 : 0);
  return names
    .map((name) => ({ name, score: score(name) }))
    .sort((a, b) => a.score - b.score || a.name.localeCompare(b.name))
    .slice(0, most)
    .map(({ name }) => name);
}
