import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { type BlobStore } from './blobStore.js';
import {
  blobKey,
  checkDigest,
  checked,
  digestOfKey,
  missingBlob,
  sha256Of,
  writeChecked,
} from './digests.js';

/** What is older in the folder of incoming files was left by a process that was killed. */
const FORGOTTEN_MS = 24 * 3600 * 1000;

/** Keeps blobs as files named by their digest, two levels deep. A blob appears whole or not at all. */
export function folderBlobStore(folder: string): BlobStore {
  const pathOf = (sha256: string) => join(folder, blobKey(sha256));

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
      const bytes = await readFile(pathOf(sha256)).catch(orMissing(sha256));
      checkDigest(sha256, sha256Of(bytes));
      return bytes;
    },

    async read(sha256) {
      const file = await open(pathOf(sha256)).catch(orMissing(sha256));
      return Readable.from(checked(file.createReadStream(), sha256), { objectMode: false });
    },

    async copyTo(sha256, path) {
      const file = await open(pathOf(sha256)).catch(orMissing(sha256));
      await writeChecked(file.createReadStream(), sha256, path);
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
        const sha256 = digestOfKey(name.replaceAll('\\', '/'));
        if (sha256 === null) continue;
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

function orMissing(sha256: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    throw error.code === 'ENOENT' && error.syscall === 'open' ? missingBlob(sha256, error) : error;
  };
}
