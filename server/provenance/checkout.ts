import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The state of the git checkout that this program runs from. */
export interface CheckoutState {
  gitCommit: string | null;
  gitDirty: boolean | null;
  /** What a run's code has that the commit has not, new files included; null when nothing, or more than a mebibyte. */
  gitPatch: string | null;
}

/** What may decide a run's numbers. */
const codePaths = ['experiments', 'server', 'package.json', 'package-lock.json'];
const largestPatch = 2 ** 20;

/**
 * Reads commit and uncommitted changes without touching the checkout: new files are staged in an index and an object store of their
 * own, which are gone afterwards.
 */
export function checkoutState(root: string, environment: NodeJS.ProcessEnv): CheckoutState {
  const nothing: CheckoutState = { gitCommit: null, gitDirty: null, gitPatch: null };
  if (!existsSync(join(root, '.git'))) return nothing;
  const scratch = mkdtempSync(join(tmpdir(), 'frostline-git-'));
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 2 ** 28,
      env: { ...environment, ...scratchStore },
    });
  let scratchStore: Record<string, string> = {};
  try {
    const gitCommit = git('rev-parse', 'HEAD').trim();
    const [objects, index] = ['objects', 'index'].map((name) =>
      resolve(root, git('rev-parse', '--git-path', name).trim()),
    );
    copyFileSync(index, join(scratch, 'index')); // a copy knows which files need no look
    mkdirSync(join(scratch, 'objects'));
    scratchStore = {
      GIT_INDEX_FILE: join(scratch, 'index'),
      GIT_OBJECT_DIRECTORY: join(scratch, 'objects'),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: objects,
    };
    const paths = codePaths.filter((path) => existsSync(join(root, path)));
    git('add', '--all', '--', ...paths);
    const patch = git('diff', '--cached', '--binary', 'HEAD', '--', ...paths);
    return {
      gitCommit,
      gitDirty: patch !== '',
      gitPatch: patch === '' || patch.length > largestPatch ? null : patch,
    };
  } catch {
    return nothing; // no git, or a checkout without a commit
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
