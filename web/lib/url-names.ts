/** Names in one parameter, by commas; commas within them are escaped. */
export function printNames(names: readonly string[]): string {
  return names.map((name) => name.replace(/[%,]/g, encodeURIComponent)).join(',');
}

/** Reads what {@link printNames} wrote. */
export function parseNames(text: string): string[] {
  const names = text.split(',').filter(Boolean);
  return [...new Set(names.map((name) => name.replace(/%25|%2C/gi, decodeURIComponent)))];
}
