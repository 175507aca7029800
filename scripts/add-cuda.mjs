// Adds the CUDA provider of ONNX Runtime, which is too large for npm, to the installed onnxruntime-node (Linux x64). The package's own
// script takes it from NuGet; where that cannot be reached, the same file of the same version comes with PyPI's onnxruntime-gpu.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { downloadWheel, unpackWheel } from './wheel.mjs';

const libraries = ['libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_shared.so'];

if (process.platform !== 'linux' || process.arch !== 'x64') {
  process.stderr.write(
    `add-cuda: ONNX Runtime for Node.js has CUDA on linux-x64 only, this is ${process.platform}-${process.arch}\n`,
  );
  process.exit(1);
}

const packageFolder = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')), '..');
const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
const target = join(packageFolder, 'bin', 'napi-v6', 'linux', 'x64');

if (!fromNuGet()) await fromPyPi();
report();

function fromNuGet() {
  const script = join(packageFolder, 'script', 'install.js');
  const { status, stderr } = spawnSync(process.execPath, [script, '--onnxruntime-node-install=cuda12'], {
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
  });
  if (status === 0) return true;
  const reason = /^\w*Error: (.*)$/m.exec(stderr)?.[1] ?? `status ${status}`;
  process.stderr.write(`add-cuda: NuGet did not give the libraries (${reason}); trying PyPI\n`);
  return false;
}

async function fromPyPi() {
  const downloads = mkdtempSync(join(tmpdir(), 'frostline-cuda-'));
  try {
    const wheel = downloadWheel(`onnxruntime-gpu==${version}`, downloads);
    await unpackWheel(wheel, (name) =>
      libraries.includes(basename(name)) ? join(target, basename(name)) : undefined,
    );
  } finally {
    rmSync(downloads, { recursive: true, force: true });
  }
}

/** Says what is still missing: the provider needs CUDA and cuDNN themselves, found by the system's loader. */
function report() {
  process.stdout.write(`add-cuda: ONNX Runtime ${version} has its CUDA provider now\n`);
  const { stdout } = spawnSync('ldd', [join(target, libraries[0])], { encoding: 'utf8' });
  const missing = [...(stdout ?? '').matchAll(/^\s*(\S+) => not found$/gm)].map(([, name]) => name);
  if (missing.length === 0) return;
  process.stdout.write(
    `add-cuda: it needs these on the loader's path (LD_LIBRARY_PATH), from NVIDIA's driver, CUDA and cuDNN: ${missing.join(', ')}\n`,
  );
}
