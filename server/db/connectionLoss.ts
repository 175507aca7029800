/** Postgres' codes for a server that goes down or refuses for now (class 57 and 08, and "too many connections"). */
const TRANSIENT = /^(08|57P0|53300)/;
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

/** Whether an error says that the database is away, as opposed to that it did not like what was asked. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isConnectionLoss);
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined) return TRANSIENT.test(code) || NETWORK.has(code);
  return /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i.test(
    error.message,
  );
}
