import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from './entry.js';

/** A segment that has grown beyond this is followed by another, so that what was sent can be given back to the disk. */
const SEGMENT_BYTES = 8 * 2 ** 20;
/** The position is written after so many entries: what is sent again after a crash changes nothing. */
const ENTRIES_A_POSITION = 64;

interface Position {
  segment: number;
  /** Entries of the segment that were sent. */
  entries: number;
  /** Ids that the server gave, by the runs' own names. */
  runIds: Record<string, string>;
}

/**
 * Entries on disk in the order they came: files of one JSON object a line. An entry is kept once `append` has resolved; a line without
 * its end is one that was being written when the process died.
 */
export class Journal {
  readonly #folder: string;
  #position: Position = { segment: 1, entries: 0, runIds: {} };
  #unwritten = 0;
  /** Lines of the segment that is being read, those that were sent included. */
  #lines: string[] = [];
  #writing = 1;
  #writtenBytes = 0;
  #file: FileHandle | null = null;
  #bytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'position.json');
    const segments = this.#segments();
    try {
      this.#position = JSON.parse(readFileSync(path, 'utf8')) as Position;
    } catch {
      this.#position.segment = segments[0] ?? 1;
    }
    this.#writing = Math.max(this.#position.segment, ...segments);
    // Never append to what another process wrote: its last line may have no end.
    if (segments.length > 0) this.#writing += 1;
    for (const segment of segments) this.#bytes += readFileSync(this.#path(segment)).length;
    this.#load();
  }

  /** Size of what is kept, what was sent of it included where it has not been given back. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Ids of runs by their names, as far as the server gave them. */
  get runIds(): Record<string, string> {
    return this.#position.runIds;
  }

  /** Writes entries; resolves when they are on disk. Nothing of them is kept when it fails. */
  async append(entries: readonly Entry[]): Promise<void> {
    const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    const bytes = Buffer.byteLength(text);
    if (this.#writtenBytes > SEGMENT_BYTES) {
      await this.#file?.close();
      this.#file = null;
      this.#writing += 1;
      this.#writtenBytes = 0;
    }
    this.#file ??= await this.#begin();
    try {
      await this.#file.appendFile(text);
      await this.#file.datasync();
    } catch (error) {
      await this.#file.truncate(this.#writtenBytes).catch(() => {});
      throw error;
    }
    // What is read meanwhile ends at `writtenBytes`: no line is taken in twice.
    this.#writtenBytes += bytes;
    this.#bytes += bytes;
    if (this.#position.segment === this.#writing) this.#lines.push(...text.split('\n').slice(0, -1));
  }

  async #begin(): Promise<FileHandle> {
    const file = await open(this.#path(this.#writing), 'a');
    const folder = await open(this.#folder);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return file;
  }

  /** The oldest entry that was not sent; null when all were. */
  peek(): Entry | null {
    while (this.#position.entries >= this.#lines.length) {
      if (this.#position.segment >= this.#writing) return null;
      const done = this.#position.segment;
      this.#position = { ...this.#position, segment: done + 1, entries: 0 };
      this.#load();
      this.#writePosition();
      this.#drop(done);
    }
    return JSON.parse(this.#lines[this.#position.entries]!) as Entry;
  }

  /** Goes on to the next entry; `runId` is what the server called the run that the entry began. */
  advance(began?: { run: string; runId: string }): void {
    this.#position.entries += 1;
    if (began !== undefined) this.#position.runIds[began.run] = began.runId;
    this.#unwritten += 1;
    if (began !== undefined || this.#unwritten >= ENTRIES_A_POSITION) this.#writePosition();
  }

  /** Puts an entry aside that the server will never take, with the reason; where the disk is full, it is gone. */
  reject(entry: Entry, reason: string): void {
    const line = `${JSON.stringify({ reason, entry })}\n`;
    tryToWrite(() => writeFileSync(join(this.#folder, 'rejected.jsonl'), line, { flag: 'a' }));
  }

  /** Closes the file; removes the folder when there is nothing in it that is still to be sent or was rejected. */
  async close(): Promise<void> {
    const isEmpty = this.peek() === null;
    await this.#file?.close();
    this.#file = null;
    if (!isEmpty) this.#writePosition();
    else if (readdirSync(this.#folder).includes('rejected.jsonl'))
      for (const one of this.#segments()) this.#drop(one);
    else rmSync(this.#folder, { recursive: true, force: true });
  }

  #load(): void {
    const { segment } = this.#position;
    let bytes = Buffer.alloc(0);
    try {
      bytes = readFileSync(this.#path(segment));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    const whole = segment === this.#writing ? bytes.subarray(0, this.#writtenBytes) : bytes;
    this.#lines = whole.toString().split('\n').slice(0, -1);
  }

  #writePosition(): void {
    const path = join(this.#folder, 'position.json');
    tryToWrite(() => {
      writeFileSync(`${path}.new`, JSON.stringify(this.#position));
      renameSync(`${path}.new`, path);
      this.#unwritten = 0;
    });
  }

  #drop(segment: number): void {
    try {
      this.#bytes -= readFileSync(this.#path(segment)).length;
      rmSync(this.#path(segment));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  #segments(): number[] {
    return readdirSync(this.#folder)
      .flatMap((name) => /^(\d{8})\.jsonl$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  #path(segment: number): string {
    return join(this.#folder, `${String(segment).padStart(8, '0')}.jsonl`);
  }
}

/** For what a full disk must not stop: an older position only makes a later process send again what changes nothing. */
function tryToWrite(write: () => void): void {
  try {
    write();
  } catch {
    // The next one may succeed.
  }
}
