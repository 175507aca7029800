import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Who keeps entries in a folder. */
interface Owner {
  host: string;
  pid: number;
}

/** A folder of its own for what this process keeps. */
export function newSession(buffer: string): string {
  const folder = join(buffer, randomUUID());
  mkdirSync(folder, { recursive: true });
  claim(folder);
  return folder;
}

/** Takes over the folders of processes of this machine that are gone, each for one process only. */
export function adoptSessions(buffer: string): string[] {
  if (!existsSync(buffer)) return [];
  return readdirSync(buffer).flatMap((name) => {
    const folder = join(buffer, name);
    if (isOwned(folder)) return [];
    const own = join(buffer, randomUUID());
    try {
      renameSync(folder, own); // whoever comes second finds nothing to rename
    } catch {
      return [];
    }
    claim(own);
    return [own];
  });
}

function claim(folder: string): void {
  const owner: Owner = { host: hostname(), pid: process.pid };
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner));
}

/** Whether it belongs to a process that lives, or to another machine; what has no owner yet is being made. */
function isOwned(folder: string): boolean {
  let owner: Owner;
  try {
    owner = JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')) as Owner;
  } catch {
    return true;
  }
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
