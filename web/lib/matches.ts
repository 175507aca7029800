/** A text cut where something that is searched for occurs in it, whatever the case. */
export function matchesIn(text: string, search: string): { text: string; match: boolean }[] {
  if (search === '') return [{ text, match: false }];
  const lower = text.toLowerCase();
  const wanted = search.toLowerCase();
  // Some letters change their length with their case; then places in one text say nothing about the other.
  if (lower.length !== text.length) return [{ text, match: lower.includes(wanted) }];
  const parts: { text: string; match: boolean }[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), match: false });
    parts.push({ text: text.slice(at, at + wanted.length), match: true });
    from = at + wanted.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), match: false });
  return parts;
}
