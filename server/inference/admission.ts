import { FrostlineError } from '../../experiments/errors.js';

/** Characters that may wait for each sentence that may: text is held in memory until its turn. */
const CHARACTERS_PER_SENTENCE = 4_096;
/** What was longer ago than so much work counts half in the estimated rate. */
const MEMORY_MS = 10_000;
const LONGEST_WAIT_SECONDS = 60;

/** Lets requests in while what waits is bounded; who comes later is told when to come back. */
export class Admission {
  #sentences = 0;
  #characters = 0;
  /** Sentences that were answered, and the time with anything to answer. */
  #answered = 0;
  #busyMs = 0;
  #countedUntil = 0;

  constructor(private readonly limits: { queueSentences: number }) {}

  /**
   * Counts a request in.
   * @returns what counts it out again
   * @throws OVERLOADED when it does not fit, unless nothing else is there
   */
  enter(input: readonly (string | readonly number[])[]): () => void {
    const characters = input.reduce((sum, { length }) => sum + length, 0);
    const { queueSentences } = this.limits;
    const fits =
      this.#sentences + input.length <= queueSentences &&
      this.#characters + characters <= queueSentences * CHARACTERS_PER_SENTENCE;
    if (!fits && this.#sentences > 0) {
      const seconds = this.#waitSeconds();
      const message = `${this.#sentences} sentences wait already, ${queueSentences} at most may: try again in ${seconds} s`;
      throw new FrostlineError('OVERLOADED', message, { retryAfterSeconds: seconds });
    }
    this.#count();
    this.#sentences += input.length;
    this.#characters += characters;
    return () => {
      this.#count();
      this.#sentences -= input.length;
      this.#characters -= characters;
      this.#answered += input.length;
    };
  }

  /** How long it takes until half of what waits is done. */
  #waitSeconds(): number {
    if (this.#answered === 0) return 1;
    const perSentence = this.#busyMs / this.#answered;
    const seconds = Math.ceil((this.#sentences * perSentence) / 2 / 1000);
    return Math.min(LONGEST_WAIT_SECONDS, Math.max(1, seconds));
  }

  #count(): void {
    const now = performance.now();
    if (this.#sentences > 0) this.#busyMs += now - this.#countedUntil;
    this.#countedUntil = now;
    if (this.#busyMs < 2 * MEMORY_MS) return;
    this.#busyMs /= 2;
    this.#answered /= 2;
  }
}
