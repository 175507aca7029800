/** Tells a user, in one line on standard error, what they should know and what is no error. */
export function printNotice(message: string): void {
  process.stderr.write(`note: ${message}\n`);
}
