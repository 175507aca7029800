import { randomUUID } from 'node:crypto';
import { type Dataset } from '../../experiments/data/dataset.js';
import { RandomStream } from '../../experiments/index.js';
import { enterBlob } from '../../server/blobs/blobRecords.js';
import { type BlobStore } from '../../server/blobs/blobStore.js';
import { createDataset } from '../../server/datasets/createDataset.js';
import { type Database } from '../../server/db/database.js';
import { loadVectorSet, type StoredVectorSet } from '../../server/vectors/vectorSets.js';

/** Random unit vectors, end to end. */
export function unitVectors(count: number, dimensions: number, seed = 1): Float32Array {
  const vectors = new RandomStream(seed, 'unit vectors').normal(1, count * dimensions);
  for (let row = 0; row < count; row += 1) {
    const own = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    const length = Math.hypot(...own);
    own.forEach((value, column) => (own[column] = value / length));
  }
  return vectors;
}

/** A finished set of given vectors for a new dataset, in chunks of so many rows. */
export async function insertVectorSet(
  database: Database,
  blobs: BlobStore,
  {
    name,
    dataset,
    vectors,
    rowsPerChunk,
  }: {
    name: string;
    dataset: Dataset;
    vectors: Float32Array;
    rowsPerChunk: number;
  },
): Promise<StoredVectorSet> {
  const { dataset: stored } = await createDataset(database, name, dataset);
  const dimensions = vectors.length / stored.rowCount;
  const { id: taskId } = await database.prisma.workerTask.create({
    data: { id: randomUUID(), kind: 'vectors', input: {}, state: 'FINISHED' },
  });
  const id = randomUUID();
  await database.prisma.vectorSet.create({
    data: { id, datasetId: stored.id, digest: id, source: {}, provenance: {}, dimensions, taskId },
  });
  for (let firstRow = 0; firstRow < stored.rowCount; firstRow += rowsPerChunk) {
    const rows = Math.min(rowsPerChunk, stored.rowCount - firstRow);
    const chunk = vectors.slice(firstRow * dimensions, (firstRow + rows) * dimensions);
    const blob = await blobs.put(new Uint8Array(chunk.buffer));
    await enterBlob(database.pool, blob);
    await database.prisma.vectorChunk.create({ data: { setId: id, firstRow, rows, sha256: blob.sha256 } });
  }
  return loadVectorSet(database, id);
}
