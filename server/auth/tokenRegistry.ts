import type pg from 'pg';
import { isConnectionLoss } from '../db/connectionLoss.js';
import { type Role } from '../db/generated/client.js';
import { type Logger } from '../db/logger.js';
import { type NotificationListener } from '../db/notifications.js';
import { type Viewer } from './roles.js';
import { digestOf, newSecret } from './tokenSecret.js';

/** Changes are told by NOTIFY; this is for those that were not heard. */
const REFRESH_MS = 10_000;
/** `lastUsedAt` is kept to the hour, so that using a token costs no write. */
const USE_MS = 3_600_000;

const LOCAL: Viewer = { name: 'local', role: 'ADMIN', tokenId: null };

interface KnownToken {
  id: string;
  name: string;
  role: Role;
  expiresAt: number;
  lastUsedAt: number;
}

/**
 * All tokens in force, in memory: who asks is known without a query, at any rate of calls, and strangers with wrong tokens cost
 * nothing either. Read again whenever a process says that tokens have changed.
 */
export class TokenRegistry {
  readonly #pool: pg.Pool;
  readonly #log: Logger;
  readonly #openToLocals: boolean;
  readonly #processDigests = new Set<string>();
  readonly #listeners = new Set<() => void>();
  readonly #stopListening: () => void;
  readonly #timer: NodeJS.Timeout;
  #tokens = new Map<string, KnownToken>();
  #everHadTokens = true;
  #reading: Promise<void> | null = null;

  /** Use `open`: a registry knows nobody before it has read. */
  private constructor(pool: pg.Pool, notifications: NotificationListener, options: RegistryOptions) {
    this.#pool = pool;
    this.#log = options.log;
    this.#openToLocals = options.openToLocals;
    this.#stopListening = notifications.subscribe(({ type }) => {
      if (type === 'tokens' || type === 'resync') void this.#refreshQuietly();
    });
    this.#timer = setInterval(() => void this.#refreshQuietly(), REFRESH_MS).unref();
  }

  static async open(
    pool: pg.Pool,
    notifications: NotificationListener,
    options: RegistryOptions,
  ): Promise<TokenRegistry> {
    const registry = new TokenRegistry(pool, notifications, options);
    await registry.refresh();
    return registry;
  }

  /** Who shows this secret (or none); null for strangers. */
  authenticate(secret: string | null): Viewer | null {
    const known = secret === null ? null : this.#viewerOf(digestOf(secret).toString('base64'));
    if (known !== null) return known;
    return this.#openToLocals && !this.#everHadTokens ? LOCAL : null;
  }

  /** Whether somebody can sign in and manage tokens. */
  hasAdmin(): boolean {
    const now = Date.now();
    return [...this.#tokens.values()].some(({ role, expiresAt }) => role === 'ADMIN' && expiresAt > now);
  }

  /** A secret that makes an admin of who shows it, for as long as this process lives. */
  issueProcessSecret(): string {
    const secret = newSecret();
    this.#processDigests.add(digestOf(secret).toString('base64'));
    return secret;
  }

  /** Calls back whenever the tokens were read again. */
  onRefresh(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads the tokens again, and resolves when what was committed before the call is known. */
  async refresh(): Promise<void> {
    // One that is under way may have read already what has changed since.
    await this.#reading?.catch(() => {});
    this.#reading ??= this.#read().finally(() => (this.#reading = null));
    await this.#reading;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stopListening();
  }

  #viewerOf(digest: string): Viewer | null {
    const token = this.#tokens.get(digest);
    const now = Date.now();
    if (token !== undefined && token.expiresAt > now) {
      if (now - token.lastUsedAt > USE_MS) this.#noteUse(token, now);
      return { name: token.name, role: token.role, tokenId: token.id };
    }
    return this.#processDigests.has(digest) ? LOCAL : null;
  }

  #noteUse(token: KnownToken, now: number): void {
    token.lastUsedAt = now;
    this.#pool
      .query('UPDATE token SET last_used_at = now() WHERE id = $1', [token.id])
      .catch((error: Error) => this.#log.warn(`the use of a token was not noted: ${error.message}`));
  }

  async #read(): Promise<void> {
    const { rows } = await this.#pool.query<{
      id: string;
      name: string;
      role: Role;
      digest: Buffer;
      expiresAt: Date | null;
      revoked: boolean;
      lastUsedAt: Date | null;
    }>(
      `SELECT id, name, role, digest, expires_at "expiresAt", revoked_at IS NOT NULL revoked, last_used_at "lastUsedAt"
       FROM token`,
    );
    this.#everHadTokens = rows.length > 0;
    this.#tokens = new Map(
      rows
        .filter(({ revoked }) => !revoked)
        .map(({ id, name, role, digest, expiresAt, lastUsedAt }) => [
          digest.toString('base64'),
          {
            id,
            name,
            role,
            expiresAt: expiresAt?.getTime() ?? Infinity,
            lastUsedAt: lastUsedAt?.getTime() ?? 0,
          },
        ]),
    );
    for (const listener of this.#listeners) listener();
  }

  /** While the database is away the tokens are as they were: nobody can change them, and nothing can be asked of it. */
  async #refreshQuietly(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      if (!isConnectionLoss(error)) this.#log.error(`tokens cannot be read: ${(error as Error).message}`);
    }
  }
}

export interface RegistryOptions {
  log: Logger;
  /** Whether everybody may do everything until the first token is made: on a server that only this machine can reach. */
  openToLocals: boolean;
}
