import { type BlobStore } from '../blobs/blobStore.js';
import { floatsOf } from './floatsOf.js';
import { rowsBuilt, type StoredVectorSet } from './vectorSets.js';

/** All vectors of a set, end to end. */
export async function readVectors(
  blobs: Pick<BlobStore, 'get'>,
  set: Pick<StoredVectorSet, 'chunks' | 'dimensions'>,
): Promise<Float32Array> {
  const vectors = new Float32Array(rowsBuilt(set) * set.dimensions);
  for (const { firstRow, sha256 } of set.chunks) {
    vectors.set(floatsOf(await blobs.get(sha256)), firstRow * set.dimensions);
  }
  return vectors;
}
