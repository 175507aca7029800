export interface BackoffOptions {
  /** Longest pause before the first repetition. */
  firstMs: number;
  /** Longest pause ever. */
  mostMs: number;
}

export const defaultBackoff: BackoffOptions = { firstMs: 250, mostMs: 30_000 };

/**
 * The pause before a repetition, by how many there were: twice as long each time, and anywhere between half of that and all of it, so that
 * clients which lost the same server do not come back at the same moment. Never shorter than the server asked for.
 */
export function pauseBefore(
  repetition: number,
  { firstMs, mostMs }: BackoffOptions,
  { retryAfterMs = 0, random = Math.random }: { retryAfterMs?: number; random?: () => number } = {},
): number {
  const longest = Math.min(mostMs, firstMs * 2 ** Math.min(repetition, 30));
  return Math.max(retryAfterMs, longest / 2 + (random() * longest) / 2);
}

/** Milliseconds that a `Retry-After` header asks for: seconds, or a date. 0 when it says nothing that can be understood. */
export function retryAfterOf(header: string | null, now: number): number {
  if (header === null || header.trim() === '') return 0;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
