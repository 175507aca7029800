/**
 * When each of the waiting begins, in seconds from now: in their order, each on the slot that is free first. Infinity where that
 * cannot be told, as nobody knows how long what comes before takes.
 * @param slots seconds until each is free
 */
export function scheduleWork(
  slots: readonly number[],
  waiting: readonly { seconds: number | null; delay: number }[],
): number[] {
  const free = [...slots];
  return waiting.map(({ seconds, delay }) => {
    const next = free.indexOf(Math.min(...free));
    if (next === -1) return Infinity;
    const start = Math.max(free[next]!, delay);
    free[next] = start + (seconds ?? Infinity);
    return start;
  });
}
