// Builds what is out of date and nothing else: kernels (WebAssembly), Prisma client, TypeScript, GraphQL types of the web app, Next.js.
// Each step is stamped with a digest of its sources, so `npm ci`, `npm start` and `npm test` can all call this and pay once.
//   node scripts/build.mjs [--quiet] [--program]    with --program only what the command line runs on, not the dashboard
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const quiet = process.argv.includes('--quiet');
const programOnly = process.argv.includes('--program');
const ignored = new Set(['node_modules', 'dist', '.next', 'next-env.d.ts', 'generated', '.frostline']);

/** Compiles AssemblyScript to WebAssembly that works on a memory it is given. */
const kernels = (source, output) => [
  'asc',
  source,
  '--outFile',
  output,
  ...['--runtime', 'stub', '--enable', 'simd', '--importMemory', '--noExportMemory'],
  ...['--optimizeLevel', '3', '--noAssert'],
];

/** @type {{name: string, sources: string[], outputs: string[], command: string[]}[]} */
const steps = [
  {
    name: 'kernels',
    sources: ['experiments/training/optimizer/kernels/assembly'],
    outputs: ['dist/kernels.wasm'],
    command: kernels('experiments/training/optimizer/kernels/assembly/index.ts', 'dist/kernels.wasm'),
  },
  {
    name: 'search kernels',
    sources: ['experiments/similarity/kernels/assembly'],
    outputs: ['dist/search.wasm'],
    command: kernels('experiments/similarity/kernels/assembly/index.ts', 'dist/search.wasm'),
  },
  {
    name: 'prisma client',
    sources: ['prisma/schema.prisma', 'prisma/prisma.config.ts'],
    outputs: ['server/db/generated/client.ts'],
    command: ['prisma', 'generate', '--no-hints', '--config', 'prisma/prisma.config.ts'],
  },
  {
    name: 'client types',
    sources: ['server/graphql/schema.graphql', 'client/operations', 'scripts/codegen.mjs'],
    outputs: ['client/generated/operations.ts'],
    command: ['node', 'scripts/codegen.mjs', 'client'],
  },
  {
    name: 'typescript',
    sources: [
      'experiments',
      'server',
      'client',
      'prisma/schema.prisma',
      'tsconfig.json',
      'tsconfig.build.json',
    ],
    outputs: ['dist/server/cli/main.js'],
    command: ['tsc', '-p', 'tsconfig.build.json'],
  },
  {
    name: 'client',
    sources: ['server/graphql/schema.graphql', 'client', 'tsconfig.json'],
    outputs: ['client/dist/index.js'],
    command: ['tsc', '-p', 'client/tsconfig.json'],
  },
  {
    name: 'web types',
    sources: ['server/graphql/schema.graphql', 'web/lib/operations', 'scripts/codegen.mjs'],
    outputs: ['web/lib/generated/graphql.ts'],
    command: ['node', 'scripts/codegen.mjs', 'web'],
  },
  {
    name: 'web',
    sources: ['server/graphql/schema.graphql', 'web'],
    outputs: ['web/.next/BUILD_ID'],
    command: ['next', 'build', 'web'],
  },
];

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !ignored.has(entry.name) && !entry.name.endsWith('.tsbuildinfo'))
    .flatMap((entry) => filesUnder(join(path, entry.name)))
    .sort();
}

function digestOf(step) {
  const hash = createHash('sha256')
    .update(JSON.stringify(step))
    .update(readFileSync(join(root, 'package-lock.json')));
  for (const source of step.sources) {
    for (const file of filesUnder(join(root, source)))
      hash.update(relative(root, file)).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex');
}

const stampFolder = join(root, 'dist', '.stamps');
mkdirSync(stampFolder, { recursive: true });
const lastOfProgram = steps.findIndex(({ name }) => name === 'typescript');
for (const step of programOnly ? steps.slice(0, lastOfProgram + 1) : steps) {
  if (!step.sources.some((source) => existsSync(join(root, source)))) continue;
  const stamp = join(stampFolder, step.name.replaceAll(' ', '-'));
  const digest = digestOf(step);
  const upToDate =
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === digest &&
    step.outputs.every((output) => existsSync(join(root, output)));
  if (upToDate) continue;
  if (!quiet) process.stderr.write(`build: ${step.name}\n`);
  const [name, ...args] = step.command;
  const program = name === 'node' ? process.execPath : join(root, 'node_modules', '.bin', name);
  const result = spawnSync(program, args, {
    cwd: root,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', CHECKPOINT_DISABLE: '1', ...step.env },
  });
  if (result.status !== 0) {
    if (quiet) process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
    process.stderr.write(`build: ${step.name} failed\n`);
    process.exit(result.status ?? 1);
  }
  writeFileSync(stamp, digest);
}

// npm links the commands of packages that are installed, not of the one at the root; `npx frostline` needs the link.
const link = join(root, 'node_modules', '.bin', 'frostline');
if (!existsSync(link)) {
  rmSync(link, { force: true });
  symlinkSync(join('..', '..', 'bin', 'frostline.mjs'), link);
}
