// A thread that searches its stretch of every set that is loaded. Scores of all rows are a few milliseconds of work for which nobody
// else on the API's thread should wait.
import { parentPort, workerData } from 'node:worker_threads';
import { FrostlineError } from '../../experiments/errors.js';
import { VectorShard } from '../../experiments/similarity/vectorShard.js';
import { type BlobSettings, openBlobStore } from '../blobs/openBlobStore.js';
import { floatsOf } from './floatsOf.js';
import { allowedRows } from './allowedRows.js';
import { type FromThread, type Hit, type ShardDescription, type ToThread } from './searchProtocol.js';

interface LoadedShard {
  description: ShardDescription;
  vectors: VectorShard;
}

const blobs = await openBlobStore(workerData as BlobSettings);
const shards = new Map<string, LoadedShard>();
const send = (message: FromThread): void => parentPort!.postMessage(message);

async function load(set: string, description: ShardDescription): Promise<void> {
  const vectors = new VectorShard(description.dimensions, description.rows);
  for (const sha256 of description.chunks) vectors.add(floatsOf(await blobs.get(sha256)));
  shards.set(set, { description, vectors });
}

function search({ set, query, k, filter }: Extract<ToThread, { type: 'search' }>): Hit[] {
  const shard = shards.get(set);
  if (shard === undefined) throw new FrostlineError('INTERNAL', `the set ${set} is not loaded`);
  const { description, vectors } = shard;
  const allowed = filter === null ? undefined : allowedRows(filter, description);
  const { rows, scores } = vectors.search(query, k, allowed);
  return Array.from(rows, (row, place) => ({ ordinal: description.firstRow + row, score: scores[place]! }));
}

parentPort!.on('message', async (message: ToThread) => {
  if (message.type === 'forget') {
    shards.delete(message.set);
    return;
  }
  const { id } = message;
  try {
    if (message.type === 'load') {
      await load(message.set, message.shard);
      send({ type: 'loaded', id });
    } else send({ type: 'found', id, hits: search(message) });
  } catch (error) {
    const code = error instanceof FrostlineError ? error.code : 'INTERNAL';
    send({ type: 'failed', id, code, message: error instanceof Error ? error.message : String(error) });
  }
});
