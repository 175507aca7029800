import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { badInput } from '../../experiments/errors.js';
import { exportRecordName } from '../../experiments/models/export.js';
import { CheckpointFiles } from '../../experiments/training/checkpoints/checkpointFiles.js';
import { readJson } from './prepareRuns.js';
import type { KeptRun } from './train.js';

/** Refuses a folder with checkpoints of a run that has not ended, so that nobody's hours are lost for a forgotten option. */
export function refuseUnfinishedRun(folder: string): void {
  const [newest] = new CheckpointFiles(checkpointsFolder(folder), true).steps();
  if (newest === undefined || newest === stepsOfFinishedRun(folder)) return;
  throw badInput(
    `holds a run that did not end (its newest checkpoint is that of step ${newest}): --resume goes on with it, --overwrite begins anew without it`,
    { source: folder },
  );
}

/** Where `frostline train --out` keeps a run's checkpoints. */
export function checkpointsFolder(folder: string): string {
  return join(folder, 'checkpoints');
}

function stepsOfFinishedRun(folder: string): number | null {
  const path = join(folder, exportRecordName);
  if (!existsSync(path)) return null;
  const { run } = readJson(path) as Partial<KeptRun>;
  return run?.history.losses.length ?? null;
}
