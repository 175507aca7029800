import { paddedLength } from '../../experiments/inference/steadyBatches.js';

/** One sentence that waits for its batch. */
export interface WaitingSentence<Job> {
  job: Job;
  /** Which sentence of its job. */
  row: number;
  ids: Int32Array;
}

interface Entry<Job> extends WaitingSentence<Job> {
  turn: number;
}

interface Lane<Job, Model> {
  model: Model;
  /** By turn. */
  entries: Entry<Job>[];
}

/**
 * Sentences of all jobs, waiting to be put into batches of one model and one padded length. Turns are given by tokens (start-time fair
 * queueing, Goyal et al. 1996): a job's sentence comes after those of its own before it, but a job that arrives begins where the
 * service is now, so that a single sentence does not wait for the thousands of another job.
 */
export class SentenceQueue<Job, Model> {
  readonly #lanes = new Map<Model, Map<number, Lane<Job, Model>>>();
  readonly #turnOf = new Map<Job, number>();
  #now = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds sentences of a job, which may come in several portions. */
  add(job: Job, model: Model, sentences: Iterable<{ row: number; ids: Int32Array }>): void {
    let turn = Math.max(this.#turnOf.get(job) ?? 0, this.#now);
    const byLength = new Map<number, Entry<Job>[]>();
    for (const { row, ids } of sentences) {
      const length = paddedLength(ids.length);
      const entries = byLength.get(length) ?? [];
      byLength.set(length, entries);
      entries.push({ job, row, ids, turn });
      turn += ids.length;
      this.#size += 1;
    }
    this.#turnOf.set(job, turn);
    for (const [length, entries] of byLength) {
      const lane = this.#lane(model, length);
      lane.entries = merge(lane.entries, entries);
    }
  }

  /** Forgets a job, with what still waits of it. */
  remove(job: Job): void {
    this.#turnOf.delete(job);
    for (const lane of this.#everyLane()) {
      const kept = lane.entries.filter((entry) => entry.job !== job);
      this.#size -= lane.entries.length - kept.length;
      lane.entries = kept;
    }
  }

  /** The next batch, led by the sentence whose turn it is; undefined when nothing waits. */
  next(
    limits: (model: Model) => { maxTokens: number; maxRows: number },
  ): { model: Model; sentences: WaitingSentence<Job>[] } | undefined {
    let lead: Lane<Job, Model> | undefined;
    for (const lane of this.#everyLane()) {
      const [first] = lane.entries;
      if (first !== undefined && !(lead && lead.entries[0]!.turn <= first.turn)) lead = lane;
    }
    if (lead === undefined) return undefined;
    const { maxTokens, maxRows } = limits(lead.model);
    this.#now = lead.entries[0]!.turn;
    let count = 1;
    let tokens = lead.entries[0]!.ids.length;
    for (; count < Math.min(lead.entries.length, maxRows); count += 1) {
      tokens += lead.entries[count]!.ids.length;
      if (tokens > maxTokens) break;
    }
    this.#size -= count;
    return { model: lead.model, sentences: lead.entries.splice(0, count) };
  }

  #lane(model: Model, length: number): Lane<Job, Model> {
    const lanes = this.#lanes.get(model) ?? new Map<number, Lane<Job, Model>>();
    this.#lanes.set(model, lanes);
    const lane = lanes.get(length) ?? { model, entries: [] };
    lanes.set(length, lane);
    return lane;
  }

  *#everyLane(): Generator<Lane<Job, Model>> {
    for (const [model, lanes] of this.#lanes) {
      for (const [length, lane] of lanes) {
        if (lane.entries.length > 0) yield lane;
        else lanes.delete(length);
      }
      if (lanes.size === 0) this.#lanes.delete(model);
    }
  }
}

/** Merges two lists that are sorted by turn; of equal turns the first list's come first. */
function merge<Job>(first: Entry<Job>[], second: Entry<Job>[]): Entry<Job>[] {
  if (first.length === 0) return second;
  const merged: Entry<Job>[] = [];
  let at = 0;
  for (const entry of second) {
    while (at < first.length && first[at]!.turn <= entry.turn) merged.push(first[at++]!);
    merged.push(entry);
  }
  return merged.concat(first.slice(at));
}
