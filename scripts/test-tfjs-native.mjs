// Runs the tests of the device tfjs on TensorFlow's own kernels: sets up @tensorflow/tfjs-node with the libraries of PyPI's
// tensorflow-cpu, because its own download may be out of reach, and keeps it in .frostline/tfjs-native for the next time. It is no
// dependency of the project; Node finds it through NODE_PATH. Needs a C++ compiler and Python's pip; Linux x64.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadWheel, unpackWheel } from './wheel.mjs';

const tfjsVersion = '4.22.0';
const tensorflow = 'tensorflow-cpu==2.15.1';
/** What tfjs-node links with, each beside the names that it is asked for under. */
const libraries = new Map([
  ['libtensorflow_cc.so.2', ['libtensorflow.so', 'libtensorflow.so.2.9.1']],
  ['libtensorflow_framework.so.2', ['libtensorflow_framework.so']],
]);

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.frostline', 'tfjs-native');
if (!existsSync(folder)) await setUp();

const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'),
    ...['--config', 'test/tfjs-native/mocharc.json', ...process.argv.slice(2)],
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_PATH: [join(folder, 'node_modules'), process.env.NODE_PATH].filter(Boolean).join(delimiter),
      TF_CPP_MIN_LOG_LEVEL: '2', // no greeting
    },
  },
);
process.exitCode = status ?? 1;

async function setUp() {
  const incoming = `${folder}.incoming`;
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { recursive: true });
  writeFileSync(
    join(incoming, 'package.json'),
    '{ "private": true, "allowScripts": { "@tensorflow/tfjs-node": true } }\n',
  );
  step(`installing @tensorflow/tfjs-node ${tfjsVersion}`);
  npm(incoming, ['install', '--ignore-scripts', '--save-exact', `@tensorflow/tfjs-node@${tfjsVersion}`]);

  const deps = join(incoming, 'node_modules', '@tensorflow', 'tfjs-node', 'deps');
  const downloads = mkdtempSync(join(tmpdir(), 'frostline-tensorflow-'));
  try {
    step(`taking TensorFlow's libraries from ${tensorflow}`);
    await unpackWheel(downloadWheel(tensorflow, downloads), (name) => {
      const file = name.replace(/^tensorflow\//, '');
      if (file.startsWith('include/')) return join(deps, file);
      return dirname(name) === 'tensorflow' && libraries.has(file) ? join(deps, 'lib', file) : undefined;
    });
  } finally {
    rmSync(downloads, { recursive: true, force: true });
  }
  for (const [library, names] of libraries) {
    for (const name of names) symlinkSync(basename(library), join(deps, 'lib', name));
  }

  step('compiling the binding');
  const headers = dirname(dirname(process.execPath)); // Node's own, where it was installed with them
  const installed = existsSync(join(headers, 'include', 'node', 'node.h'));
  npm(incoming, ['rebuild', '@tensorflow/tfjs-node'], {
    npm_config_build_from_source: 'true', // rather than ask a host for a compiled one
    ...(installed ? { npm_config_nodedir: headers } : {}),
  });
  renameSync(incoming, folder);
}

function npm(cwd, args, variables = {}) {
  const path = process.env.npm_execpath;
  const [command, ...first] = path === undefined ? ['npm'] : [process.execPath, path];
  const { status: ended, stdout } = spawnSync(command, [...first, ...args, '--no-audit', '--no-fund'], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (ended === 0) return;
  process.stderr.write(stdout);
  throw new Error(`npm ${args[0]} failed`);
}

function step(what) {
  process.stderr.write(`tfjs-native: ${what}\n`);
}
