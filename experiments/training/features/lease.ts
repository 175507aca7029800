import { randomBytes } from 'node:crypto';
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** The process that holds a lease, as its file says. */
export interface LeaseHolder {
  pid: number;
  host: string;
  /** When the process began, in the kernel's ticks where there is /proc: process ids are used again. */
  started: string | null;
  /** Tells one lease from another of the same process. */
  token: string;
}

const heartbeatMs = 2_000;
/** Without a sign of life for so long the holder is given up: it was stopped, or its machine is gone. */
const staleAfterMs = 60_000;
const pollMs = 100;

/**
 * A file that says which living process holds something. It vanishes with `release`; when its process dies without that, the next
 * one to ask sees so and takes over. Processes of one machine are asked for by id, those of others (a shared folder) by the file's age.
 */
export class Lease {
  readonly #heartbeat: NodeJS.Timeout;

  private constructor(
    private readonly path: string,
    private readonly content: string,
  ) {
    this.#heartbeat = setInterval(() => touch(path), heartbeatMs);
    this.#heartbeat.unref();
  }

  /** Takes the lease when nobody holds it. */
  static tryTake(path: string): Lease | undefined {
    const content = JSON.stringify(thisProcess());
    let file: number;
    try {
      file = openSync(path, 'wx');
    } catch (error) {
      if (isCode(error, 'EEXIST')) return undefined;
      throw error;
    }
    try {
      writeSync(file, content);
    } finally {
      closeSync(file);
    }
    return new Lease(path, content);
  }

  /** Takes the lease, as soon as nobody that lives holds it. `onWait` is told once, of the first holder. */
  static async take(
    path: string,
    { onWait, signal }: { onWait(holder: LeaseHolder | undefined): void; signal?: AbortSignal },
  ): Promise<Lease> {
    for (let waited = false; ; waited = true) {
      const lease = Lease.tryTake(path);
      if (lease !== undefined) return lease;
      if (breakStale(path)) continue;
      if (!waited) onWait(leaseHolder(path));
      await sleep(pollMs, undefined, { signal });
    }
  }

  release(): void {
    clearInterval(this.#heartbeat);
    if (readText(this.path) === this.content) rmSync(this.path, { force: true });
  }
}

/** Whether a process that lives holds the lease. */
export function isHeld(path: string): boolean {
  const text = readText(path);
  return text !== undefined && isAlive(path, text);
}

/** Who holds a lease; undefined when nobody does, or when it is just being written. */
export function leaseHolder(path: string): LeaseHolder | undefined {
  return parseHolder(readText(path) ?? '');
}

/**
 * Removes a lease whose process is dead; true when somebody did. The file is moved aside first and looked at again: had another
 * process broken it and taken the lease in the meantime, then that process gets it back.
 */
export function breakStale(path: string): boolean {
  const seen = readText(path);
  if (seen === undefined) return true;
  if (isAlive(path, seen)) return false;
  const aside = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(path, aside);
    if (readText(aside) !== seen) linkSync(aside, path);
  } catch (error) {
    if (!isCode(error, 'ENOENT') && !isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  return true;
}

function isAlive(path: string, text: string): boolean {
  const silentMs = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (silentMs > staleAfterMs) return false;
  const holder = parseHolder(text);
  if (holder === undefined) return silentMs < heartbeatMs; // just being written, or cut short by a crash
  if (holder.host !== hostname()) return true;
  const started = startOf(holder.pid);
  return started === null || started === holder.started;
}

function thisProcess(): LeaseHolder {
  const started = startOf(process.pid) ?? null;
  return { pid: process.pid, host: hostname(), started, token: randomBytes(8).toString('hex') };
}

/** When a process began; null where that cannot be told, undefined when there is no such process. */
function startOf(pid: number): string | null | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  // The second field is the command in parentheses and may hold anything; the start is the 22nd.
  if (stat !== undefined) {
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19]; // a zombie is dead, only not buried yet
  }
  try {
    process.kill(pid, 0);
    return null;
  } catch (error) {
    return isCode(error, 'EPERM') ? null : undefined;
  }
}

function parseHolder(text: string): LeaseHolder | undefined {
  try {
    return JSON.parse(text) as LeaseHolder;
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ESRCH')) return undefined;
    throw error;
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Taken over by another process, or the folder is gone; whoever reads next sees it.
  }
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
