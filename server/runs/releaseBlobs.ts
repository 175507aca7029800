import { releaseBlob } from '../blobs/blobRecords.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Database } from '../db/database.js';

/** Blobs that are removed at a time. */
const AT_ONCE = 4;

/** Removes those of these bytes that nothing refers to any more, and says how much that was. */
export async function releaseBlobs(
  database: Database,
  blobs: BlobStore,
  digests: readonly string[],
): Promise<{ blobs: number; bytes: number }> {
  const released = { blobs: 0, bytes: 0 };
  const waiting = [...new Set(digests)];
  const work = async (): Promise<void> => {
    for (let sha256 = waiting.pop(); sha256 !== undefined; sha256 = waiting.pop()) {
      const bytes = await releaseBlob(database, blobs, sha256);
      if (bytes === null) continue;
      released.blobs += 1;
      released.bytes += bytes;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return released;
}
