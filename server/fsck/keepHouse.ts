import { type FsckContext } from './check.js';
import { blobsAreReferenced } from './checks/blobsAreReferenced.js';
import { runFoldersHaveRuns } from './checks/runFoldersHaveRuns.js';
import { runCheck } from './runCheck.js';

/**
 * Removes what a process leaves that is killed between two writes that no transaction spans: bytes in the store that no table came to
 * name, and a finished run's folder. Workers do it when they start and then now and then. Returns what was removed.
 */
export async function keepHouse(context: Omit<FsckContext, 'deep'>): Promise<string[]> {
  const removed: string[] = [];
  for (const check of [blobsAreReferenced, runFoldersHaveRuns]) {
    const { findings } = await runCheck(check, { ...context, deep: false }, { repair: true });
    removed.push(...findings.map(({ message }) => message));
  }
  return removed;
}
