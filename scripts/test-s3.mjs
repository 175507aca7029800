// Runs the tests of test/s3 against a real S3 server on loopback: versitygw, which serves a folder. It is the one that
// FROSTLINE_VERSITYGW names, or is built once by Go and kept below .frostline/.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MODULE = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';
const BUCKET = 'frostline-test';
const PATIENCE_MS = 30_000;

const root = fileURLToPath(new URL('..', import.meta.url));

function gateway() {
  if (process.env.FROSTLINE_VERSITYGW) return process.env.FROSTLINE_VERSITYGW;
  const folder = join(root, '.frostline', 'versitygw');
  const binary = join(folder, process.platform === 'win32' ? 'versitygw.exe' : 'versitygw');
  if (existsSync(binary)) return binary;
  console.log(`test-s3: building ${MODULE}, which takes a few minutes once`);
  mkdirSync(folder, { recursive: true });
  const { status, error } = spawnSync('go', ['install', MODULE], {
    env: { ...process.env, GOBIN: folder },
    stdio: 'inherit',
  });
  if (status === 0) return binary;
  throw new Error(
    `test-s3: versitygw could not be built (${error?.message ?? `status ${status}`}): install Go, or set FROSTLINE_VERSITYGW`,
  );
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function answers(url, child) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(100)) {
    if (child.exitCode !== null) break;
    // Without a signature it refuses, and so is there.
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
  }
  throw new Error('test-s3: versitygw did not start');
}

const folder = mkdtempSync(join(tmpdir(), 'frostline-s3-'));
const port = await freePort();
const endpoint = `http://127.0.0.1:${port}`;
const key = { access: 'frostline-test', secret: randomBytes(16).toString('hex') };
const objects = join(folder, 'objects');
mkdirSync(join(objects, BUCKET), { recursive: true });
mkdirSync(join(folder, 'metadata'));
const child = spawn(
  gateway(),
  ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--sidecar', join(folder, 'metadata'), objects],
  {
    env: { ...process.env, ROOT_ACCESS_KEY_ID: key.access, ROOT_SECRET_ACCESS_KEY: key.secret },
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);
try {
  await answers(endpoint, child);
  const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const { status } = spawnSync(
    process.execPath,
    [mocha, '--config', 'test/s3/mocharc.json', ...process.argv.slice(2)],
    {
      cwd: root,
      env: {
        ...process.env,
        AWS_ENDPOINT_URL_S3: endpoint,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: key.access,
        AWS_SECRET_ACCESS_KEY: key.secret,
        FROSTLINE_TEST_BUCKET: BUCKET,
      },
      stdio: 'inherit',
    },
  );
  process.exitCode = status ?? 1;
} finally {
  child.kill();
  rmSync(folder, { recursive: true, force: true });
}
