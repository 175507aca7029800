/** Whether an error says that Postgres gave a statement up because it took longer than statements may. */
export function isStatementTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // From the driver it has a code of its own; Prisma passes the text on, and cancelling by hand has the same code.
  return /statement due to statement timeout/.test(error.message) || isStatementTimeout(error.cause);
}
