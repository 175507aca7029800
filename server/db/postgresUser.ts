import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { FrostlineError } from '../../experiments/errors.js';

/** How to run Postgres' programs: as whom, and through which command when a plain change of user is not enough. */
export interface PostgresUser {
  uid?: number;
  gid?: number;
  /** The owner of the cluster's folder. */
  owner?: { uid: number; gid: number };
  prefix: string[];
}

function idOf(name: string): { uid: number; gid: number } | null {
  try {
    const read = (flag: string) =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: read('-u'), gid: read('-g') };
  } catch {
    return null;
  }
}

function reachable(path: string, user: { uid: number; gid: number }): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
    if (((mode >> shift) & 1) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function hasSetpriv(): boolean {
  try {
    execFileSync('setpriv', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Postgres refuses to run as root, so under root it runs as `postgres` or `nobody`. Where that user cannot reach `folders`
 * (a checkout under /root, say) it is given the one capability to pass through them.
 */
export function choosePostgresUser(folders: string[]): PostgresUser {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const user = idOf('postgres') ?? idOf('nobody');
  if (user === null) {
    throw new FrostlineError(
      'UNAVAILABLE',
      'the embedded Postgres cannot run as root and there is no user "postgres" or "nobody": run as another user or set DATABASE_URL',
    );
  }
  if (folders.every((folder) => reachable(folder, user))) return { ...user, owner: user, prefix: [] };
  if (!hasSetpriv()) {
    throw new FrostlineError(
      'UNAVAILABLE',
      `the embedded Postgres cannot run as root, and user ${user.uid} cannot reach ${folders.join(' and ')}: run as another user, move the folders or set DATABASE_URL`,
    );
  }
  const capability = '+dac_override';
  return {
    owner: user,
    prefix: [
      'setpriv',
      `--reuid=${user.uid}`,
      `--regid=${user.gid}`,
      '--clear-groups',
      `--inh-caps=${capability}`,
      `--ambient-caps=${capability}`,
    ],
  };
}
