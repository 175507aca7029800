/**
 * Whether Postgres refused a text with a NUL character, which it cannot hold. What is stored is checked before (db/text.ts); this is
 * for what is only looked for, which may come from anywhere.
 */
export function isUnstorableText(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    /invalid byte sequence for encoding "UTF8": 0x00|unsupported Unicode escape sequence/.test(
      error.message,
    ) || isUnstorableText(error.cause)
  );
}
