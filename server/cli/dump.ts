import { openBlobStore } from '../blobs/openBlobStore.js';
import { readConfig } from '../config.js';
import { dumpProject } from '../dump/dumpProject.js';
import { type DumpProgress } from '../dump/dumpProgress.js';
import { type Manifest } from '../dump/manifest.js';
import { restoreProject } from '../dump/restoreProject.js';
import { progressBar, silentBar } from './progressBar.js';
import { withDatabase } from './withDatabase.js';

export interface DumpOptions {
  json?: boolean;
}

/** `frostline dump`: everything of the project into a folder; servers and workers may go on meanwhile. */
export async function dump(folder: string, options: DumpOptions): Promise<void> {
  await carryOut(dumpProject, folder, options);
}

/** `frostline restore`: the same the other way, where there is nothing yet. */
export async function restore(folder: string, options: DumpOptions): Promise<void> {
  await carryOut(restoreProject, folder, options);
}

async function carryOut(
  work: typeof dumpProject | typeof restoreProject,
  folder: string,
  options: DumpOptions,
): Promise<void> {
  const blobs = await openBlobStore(readConfig().blobs);
  const bar = options.json ? silentBar : progressBar();
  const onProgress = (progress: DumpProgress): void => bar.show(progress);
  try {
    tell(await withDatabase((database) => work({ database, blobs }, folder, onProgress)), options);
  } finally {
    bar.stop();
  }
}

function tell(manifest: Manifest, { json }: DumpOptions): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(manifest)}\n`);
    return;
  }
  const { tables, blobs, digest } = manifest;
  const rows = (name: string): number => tables.find((table) => table.name === name)?.rows ?? 0;
  const megabytes = (blobs.bytes / 1e6).toFixed(1);
  process.stdout.write(
    `${rows('run')} runs, ${rows('dataset')} versions of datasets, ${blobs.count} blobs of ${megabytes} MB\ndigest ${digest}\n`,
  );
}
