/** How every token begins, so that our own log, and scanners for leaked secrets, know one when they see it. */
export const TOKEN_PREFIX = 'frostline_';

const SECRETS: [pattern: RegExp, replacement: string][] = [
  [/frostline_[\w-]{20,}/g, `${TOKEN_PREFIX}***`],
  [/\b(Bearer|Basic) +[^\s"'\\,;]+/gi, '$1 ***'],
  // Credentials in addresses: of Postgres, of proxies, of blob stores.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'\\]*@/gi, '$1***@'],
  [/\b(hf_)[A-Za-z0-9]{16,}/g, '$1***'],
];

/** Takes out of a text what nobody who reads a log may learn. */
export function redact(text: string): string {
  return SECRETS.reduce((safe, [pattern, replacement]) => safe.replace(pattern, replacement), text);
}
