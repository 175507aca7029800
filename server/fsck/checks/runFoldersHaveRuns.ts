import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Check, type Finding } from '../check.js';

export const runFoldersHaveRuns: Check = {
  name: 'folders',
  promise: "every folder with a run's state is of a run that may still go on",
  async find({ database, runsFolder }) {
    if (!existsSync(runsFolder)) return [];
    const findings: Finding[] = [];
    for (const name of (await readdir(runsFolder)).sort()) {
      const { rows } = await database.pool.query<{ state: string }>(
        'SELECT state FROM run WHERE id::text = $1',
        [name],
      );
      const state = rows[0]?.state;
      if (state !== undefined && state !== 'FINISHED') continue;
      findings.push({
        message: `${join(runsFolder, name)} is left of a run that ${state === undefined ? 'is gone' : 'has finished'}`,
        repair: () => rm(join(runsFolder, name), { recursive: true, force: true }),
      });
    }
    return findings;
  },
};
