// Runs the tests of the device webgpu on a software Vulkan driver: SwiftShader, which npm's @sparticuz/chromium carries, unpacked to a
// temporary folder. The driver's variables are read when a process starts, so the tests get one of their own. Where there is no such
// driver (anything but Linux x64) the machine's own graphics are used.
import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const driver = mkdtempSync(join(tmpdir(), 'frostline-swiftshader-'));
try {
  const env = { ...process.env };
  if (process.platform === 'linux' && process.arch === 'x64') {
    const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
    const { extract } = createRequire(entry)('tar-fs'); // which that package unpacks its own archives with
    const packed = join(dirname(entry), '..', '..', 'bin', 'swiftshader.tar.br');
    await pipeline(createReadStream(packed), createBrotliDecompress(), extract(driver));
    env.VK_ICD_FILENAMES = join(driver, 'vk_swiftshader_icd.json');
    env.LD_LIBRARY_PATH = [driver, env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
  }
  const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const args = [mocha, '--config', 'test/webgpu/mocharc.json', ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(driver, { recursive: true, force: true });
}
