import { type Check, type FsckContext } from './check.js';
import { type CheckResult, runCheck } from './runCheck.js';
import { activeRunsHaveWorkers } from './checks/activeRunsHaveWorkers.js';
import { blobsAreReferenced } from './checks/blobsAreReferenced.js';
import { blobsAreStored } from './checks/blobsAreStored.js';
import { datasetsAreWhole } from './checks/datasetsAreWhole.js';
import { jobsHaveWork } from './checks/jobsHaveWork.js';
import { locksHaveHolders } from './checks/locksHaveHolders.js';
import { queuedRunsHaveJobs } from './checks/queuedRunsHaveJobs.js';
import { runFoldersHaveRuns } from './checks/runFoldersHaveRuns.js';
import { summariesAgree } from './checks/summariesAgree.js';

/** All checks, in the order in which one's repair can help the next. */
const checks: readonly Check[] = [
  activeRunsHaveWorkers,
  queuedRunsHaveJobs,
  jobsHaveWork,
  locksHaveHolders,
  datasetsAreWhole,
  summariesAgree,
  blobsAreStored,
  blobsAreReferenced,
  runFoldersHaveRuns,
];

/**
 * Looks for what should not be: runs without jobs, jobs without runs, attempts without workers, blobs that are missing, changed or
 * nobody's. Reads only, unless `repair` is set; what can be put right without losing anything then is. Safe beside servers and
 * workers: what is young may be on its way and is left alone.
 */
export async function fsck(context: FsckContext, { repair }: { repair: boolean }): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) results.push(await runCheck(check, context, { repair }));
  return results;
}
