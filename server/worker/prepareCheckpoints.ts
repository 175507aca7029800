import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Database } from '../db/database.js';

/**
 * Makes the newest checkpoint of a run that the database knows the newest in `folder`, where the engine looks for the one to go on
 * from, under the names that it gives its files. When the attempt before was another machine's, it comes from the blob store. Newer
 * ones were written by an attempt that could not tell the database any more: going on from there would leave out the metrics between.
 */
export async function prepareCheckpoints(
  { prisma }: Database,
  blobs: BlobStore,
  runId: string,
  folder: string,
): Promise<void> {
  const newest = await prisma.checkpoint.findFirst({
    where: { runId, kind: { in: ['checkpoint', 'best'] } },
    orderBy: [{ step: 'desc' }, { attempt: 'desc' }],
  });
  await mkdir(folder, { recursive: true });
  const present = stepsOf(await readdir(folder));
  for (const step of present.filter((each) => each > (newest?.step ?? -1))) {
    // The record first: without it there is no checkpoint, whatever happens in between.
    await rm(join(folder, `step-${step}.json`), { force: true });
    await rm(join(folder, `step-${step}.safetensors`), { force: true });
  }
  if (newest === null || present.includes(newest.step)) return;
  const { step, epoch, sha256 } = newest;
  const bytes = await blobs.get(sha256);
  await writeFile(join(folder, `step-${step}.safetensors`), bytes);
  await writeFile(
    join(folder, `step-${step}.json`),
    JSON.stringify({ step, epoch, sha256, bytes: bytes.byteLength }),
  );
}

/** Steps that have a whole checkpoint. */
function stepsOf(names: readonly string[]): number[] {
  return names.flatMap((name) => {
    const [, step] = /^step-(\d+)\.json$/.exec(name) ?? [];
    return step === undefined ? [] : [Number(step)];
  });
}
