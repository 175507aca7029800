/** Sentences a request: many enough to compute together, few enough to tell how far it is. */
const BATCH = 64;

/** Asks for answers to many sentences a batch at a time; ends early, with what there is, when nobody wants them any more. */
export async function inBatches<Answer>(
  sentences: readonly string[],
  ask: (batch: string[]) => Promise<Answer>,
  take: (answer: Answer, from: number) => void,
  isWanted: () => boolean,
): Promise<void> {
  for (let from = 0; from < sentences.length; from += BATCH) {
    const answer = await ask(sentences.slice(from, from + BATCH));
    if (!isWanted()) return;
    take(answer, from);
  }
}
