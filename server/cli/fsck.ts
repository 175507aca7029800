import { join } from 'node:path';
import { openBlobStore } from '../blobs/openBlobStore.js';
import { readConfig } from '../config.js';
import { fsck as check } from '../fsck/fsck.js';
import { withDatabase } from './withDatabase.js';

export interface FsckOptions {
  repair?: boolean;
  deep?: boolean;
  json?: boolean;
}

/** What is younger may be on its way into a table. */
const GRACE_SECONDS = 3600;

/** `frostline fsck`: looks for what should not be in database and blob store; status 1 when something is left that should not. */
export async function fsck({ repair = false, deep = false, json = false }: FsckOptions): Promise<void> {
  const { dataFolder, ...config } = readConfig();
  const results = await withDatabase(async (database) => {
    const blobs = await openBlobStore(config.blobs);
    const runsFolder = join(dataFolder, 'runs');
    return check({ database, blobs, runsFolder, deep, graceSeconds: GRACE_SECONDS }, { repair });
  });
  for (const { name, promise, findings } of results) {
    if (json) {
      process.stdout.write(`${JSON.stringify({ name, promise, findings })}\n`);
      continue;
    }
    const verdict = findings.length === 0 ? 'ok' : `${findings.length} found`;
    process.stdout.write(`${name.padEnd(10)} ${verdict.padEnd(10)} ${promise}\n`);
    for (const { message, repaired } of findings)
      process.stdout.write(`  ${message}${repaired ? ': put right' : ''}\n`);
  }
  if (results.some(({ findings }) => findings.some(({ repaired }) => !repaired))) process.exitCode = 1;
}
