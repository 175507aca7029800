/** Waits until something is so, for at most this many seconds. */
export async function until(condition: () => boolean | Promise<boolean>, seconds = 110): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain for ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
