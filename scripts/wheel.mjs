// Python wheels as a source of native libraries: PyPI can be reached where the hosts that npm packages download binaries from cannot.
import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';

/**
 * Downloads a package's wheel for Linux x64 and CPython 3.11, whichever Python asks; the libraries inside do not depend on it.
 * Returns the wheel's path.
 */
export function downloadWheel(requirement, folder) {
  const python = process.env.FROSTLINE_PYTHON ?? 'python3';
  const platforms = ['manylinux_2_28_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64'];
  const { error, status } = spawnSync(
    python,
    [
      ...['-m', 'pip', 'download', '--no-deps', '--quiet', '--disable-pip-version-check', '--dest', folder],
      ...['--only-binary', ':all:', '--implementation', 'cp', '--python-version', '3.11'],
      ...platforms.flatMap((platform) => ['--platform', platform]),
      requirement,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (error) throw new Error(`${python} cannot be run: ${error.message}`);
  if (status !== 0) throw new Error(`pip could not download ${requirement}`);
  const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`pip left no wheel of ${requirement}`);
  return join(folder, wheel);
}

/** Writes those files of a wheel that `target` gives a path for. */
export async function unpackWheel(wheel, target) {
  const zip = await yauzl.openPromise(wheel);
  try {
    for await (const entry of zip.eachEntry()) {
      const path = entry.fileName.endsWith('/') ? undefined : target(entry.fileName);
      if (path === undefined) continue;
      mkdirSync(dirname(path), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path, { mode: 0o755 }));
    }
  } finally {
    zip.close();
  }
}
