import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type StoredBlob } from '../blobs/blobStore.js';

/** A file that is on its way in: written once, read as often as needed, gone with the process or when it is closed. */
export class UploadFile {
  private readonly hash: Hash = createHash('sha256');
  private bytes = 0;

  private constructor(private readonly file: FileHandle) {}

  /** Makes one in a folder; its name is removed at once, so that a process that is killed leaves nothing. */
  static async create(folder: string): Promise<UploadFile> {
    await mkdir(folder, { recursive: true });
    const path = join(folder, randomUUID());
    const file = await open(path, 'wx+', 0o600);
    await rm(path);
    return new UploadFile(file);
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    await this.file.writeFile(chunk);
  }

  /** Its size so far. */
  get size(): number {
    return this.bytes;
  }

  /** What was written, when all of it was. */
  finish(): StoredBlob {
    return { sha256: this.hash.digest('hex'), bytes: this.bytes };
  }

  /** Reads it from its start. */
  read(): Readable {
    return createReadStream('', { fd: this.file.fd, autoClose: false, start: 0, highWaterMark: 1 << 16 });
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}
