import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Database } from '../db/database.js';

/**
 * Makes sure that the engine finds a run's newest checkpoint in `folder`. The attempt before may have been another machine's:
 * then it comes from the blob store, under the names that the engine gives its files.
 */
export async function fillCheckpointFolder(
  { prisma }: Database,
  blobs: BlobStore,
  runId: string,
  folder: string,
): Promise<void> {
  const newest = await prisma.checkpoint.findFirst({
    where: { runId, kind: { in: ['checkpoint', 'best'] } },
    orderBy: [{ step: 'desc' }, { attempt: 'desc' }],
  });
  if (newest === null) return;
  const { step, epoch, sha256 } = newest;
  const present = existsSync(folder) ? await readdir(folder) : [];
  if (present.some((name) => Number(/^step-(\d+)\.json$/.exec(name)?.[1] ?? -1) >= step)) return;
  const bytes = await blobs.get(sha256);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `step-${step}.safetensors`), bytes);
  await writeFile(
    join(folder, `step-${step}.json`),
    JSON.stringify({ step, epoch, sha256, bytes: bytes.byteLength }),
  );
}
