import { join } from 'node:path';
import { folderBlobStore } from '../blobs/folderBlobStore.js';
import { readConfig } from '../config.js';
import { openDatabase } from '../db/database.js';
import { stderrLogger } from '../db/logger.js';
import { fsck as check } from '../fsck/fsck.js';
import { databaseUrlOf } from './databaseUrl.js';

export interface FsckOptions {
  repair?: boolean;
  deep?: boolean;
  json?: boolean;
}

/** What is younger may be on its way into a table. */
const GRACE_SECONDS = 3600;

/** `frostline fsck`: looks for what should not be in database and blob store; status 1 when something is left that should not. */
export async function fsck({ repair = false, deep = false, json = false }: FsckOptions): Promise<void> {
  const config = readConfig();
  const database = openDatabase(databaseUrlOf(config), { log: stderrLogger(), name: 'frostline fsck' });
  try {
    const blobs = folderBlobStore(join(config.dataFolder, 'blobs'));
    const runsFolder = join(config.dataFolder, 'runs');
    const context = { database, blobs, runsFolder, deep, graceSeconds: GRACE_SECONDS };
    let left = 0;
    for (const { name, promise, findings } of await check(context, { repair })) {
      left += findings.filter(({ repaired }) => !repaired).length;
      if (json) process.stdout.write(`${JSON.stringify({ name, promise, findings })}\n`);
      else {
        const verdict = findings.length === 0 ? 'ok' : `${findings.length} found`;
        process.stdout.write(`${name.padEnd(10)} ${verdict.padEnd(10)} ${promise}\n`);
        for (const { message, repaired } of findings)
          process.stdout.write(`  ${message}${repaired ? ': put right' : ''}\n`);
      }
    }
    if (left > 0) process.exitCode = 1;
  } finally {
    await database.close();
  }
}
