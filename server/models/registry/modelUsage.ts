import { type Database } from '../../db/database.js';
import { type Logger } from '../../db/logger.js';

/** One request to a registered version. */
export interface ModelCall {
  versionId: string;
  /** The program that asked, as it calls itself. */
  client: string;
  sentences: number;
}

interface Count {
  versionId: string;
  client: string;
  day: string;
  requests: number;
  sentences: number;
  lastUsedAt: Date;
}

const FLUSH_MS = 5_000;
/** Programs kept apart between two writes; those beyond share a line, so that made-up names cannot fill memory. */
const MAX_COUNTS = 10_000;
const MAX_NAME = 200;
const OTHERS = '(others)';

/** Counts which program asked which version how often, day by day, and writes the counts down every few seconds. */
export class ModelUsage {
  #counts = new Map<string, Count>();
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: Database['pool'],
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** Counts a request. Never fails and never waits. */
  note({ versionId, client, sentences }: ModelCall, now = new Date()): void {
    const day = now.toISOString().slice(0, 10);
    const name = this.#counts.size < MAX_COUNTS ? cleanName(client) : OTHERS;
    const key = `${versionId} ${day} ${name}`;
    const count = this.#counts.get(key) ?? {
      versionId,
      client: name,
      day,
      requests: 0,
      sentences: 0,
      lastUsedAt: now,
    };
    count.requests += 1;
    count.sentences += sentences;
    count.lastUsedAt = now;
    this.#counts.set(key, count);
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Writes what was counted. Counts that cannot be written now are kept for the next time. */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async close(): Promise<void> {
    await this.flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #write(): Promise<void> {
    const counts = [...this.#counts.values()];
    if (counts.length === 0) return;
    this.#counts = new Map();
    const column = <Key extends keyof Count>(key: Key): Count[Key][] => counts.map((count) => count[key]);
    try {
      // The join leaves out versions that were deleted meanwhile.
      await this.pool.query(
        `INSERT INTO model_use (version_id, client, day, requests, sentences, last_used_at)
         SELECT version_id, client, day, requests, sentences, last_used_at
         FROM unnest($1::uuid[], $2::text[], $3::date[], $4::bigint[], $5::bigint[], $6::timestamptz[])
           AS use (version_id, client, day, requests, sentences, last_used_at)
         JOIN model_version ON model_version.id = version_id
         ON CONFLICT (version_id, client, day) DO UPDATE SET
           requests = model_use.requests + excluded.requests,
           sentences = model_use.sentences + excluded.sentences,
           last_used_at = greatest(model_use.last_used_at, excluded.last_used_at)`,
        (['versionId', 'client', 'day', 'requests', 'sentences', 'lastUsedAt'] as const).map(column),
      );
    } catch (error) {
      this.log.warn(`the use of models could not be written down: ${(error as Error).message}`);
      this.#keep(counts);
    }
  }

  #keep(counts: readonly Count[]): void {
    for (const count of counts) {
      const key = `${count.versionId} ${count.day} ${count.client}`;
      const newer = this.#counts.get(key);
      if (newer === undefined) this.#counts.set(key, count);
      else {
        newer.requests += count.requests;
        newer.sentences += count.sentences;
      }
    }
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }
}

/** A program's name as Postgres can store it. */
function cleanName(client: string): string {
  const name = client
    .slice(0, MAX_NAME)
    .replace(/\p{Cc}|\p{Surrogate}/gu, ' ')
    .trim();
  return name === '' ? '(unknown)' : name;
}
