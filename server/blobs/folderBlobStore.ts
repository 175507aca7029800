import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { FrostlineError } from '../../experiments/errors.js';
import { type BlobStore } from './blobStore.js';

/** What is older in the folder of incoming files was left by a process that was killed. */
const FORGOTTEN_MS = 24 * 3600 * 1000;

/** Keeps blobs as files named by their digest, two levels deep. A blob appears whole or not at all. */
export function folderBlobStore(folder: string): BlobStore {
  const pathOf = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256))
      throw new FrostlineError('NOT_FOUND', `no blob ${JSON.stringify(sha256)}`);
    return join(folder, sha256.slice(0, 2), sha256);
  };

  let swept: Promise<void> | null = null;

  return {
    async put(content) {
      const temporary = join(folder, 'incoming', randomUUID());
      await mkdir(dirname(temporary), { recursive: true });
      await (swept ??= sweepForgotten(dirname(temporary)));
      const hash = createHash('sha256');
      let bytes = 0;
      const file = await open(temporary, 'wx');
      try {
        for await (const chunk of content instanceof Uint8Array ? [content] : content) {
          hash.update(chunk as Uint8Array);
          bytes += (chunk as Uint8Array).length;
          await file.writeFile(chunk as Uint8Array);
        }
        await file.sync();
        await file.close();
        const sha256 = hash.digest('hex');
        await mkdir(dirname(pathOf(sha256)), { recursive: true });
        await rename(temporary, pathOf(sha256));
        return { sha256, bytes };
      } catch (error) {
        await file.close().catch(() => {});
        await rm(temporary, { force: true });
        throw error;
      }
    },

    async get(sha256) {
      let bytes: Buffer;
      try {
        bytes = await readFile(pathOf(sha256));
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
        throw new FrostlineError('NOT_FOUND', `blob ${sha256} is not in the store`, { cause });
      }
      checkDigest(createHash('sha256').update(bytes).digest('hex'), sha256);
      return bytes;
    },

    async read(sha256) {
      const file = await open(pathOf(sha256)).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'ENOENT') throw cause;
        throw new FrostlineError('NOT_FOUND', `blob ${sha256} is not in the store`, { cause });
      });
      return Readable.from(checked(file.createReadStream(), sha256), { objectMode: false });
    },

    async has(sha256) {
      return stat(pathOf(sha256)).then(
        () => true,
        () => false,
      );
    },

    async delete(sha256) {
      await rm(pathOf(sha256), { force: true });
    },

    async *list() {
      const names = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
      for (const name of names) {
        const sha256 = basename(name);
        if (!/^[0-9a-f]{64}$/.test(sha256)) continue;
        const found = await stat(pathOf(sha256)).catch(() => null); // deleted meanwhile
        if (found) yield { sha256, bytes: found.size, modifiedAt: found.mtime };
      }
    },
  };
}

async function sweepForgotten(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    const found = await stat(path).catch(() => null);
    if (found && Date.now() - found.mtimeMs > FORGOTTEN_MS) await rm(path, { force: true });
  }
}

/** Passes bytes on and fails at their end when they are not what they were. */
async function* checked(content: AsyncIterable<unknown>, sha256: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of content) {
    hash.update(chunk as Uint8Array);
    yield chunk as Uint8Array;
  }
  checkDigest(hash.digest('hex'), sha256);
}

function checkDigest(found: string, sha256: string): void {
  if (found === sha256) return;
  throw new FrostlineError('CORRUPT', `blob ${sha256} has changed: its digest is now ${found}`);
}
