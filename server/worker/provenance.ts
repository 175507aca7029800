import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { type ResolvedModel } from '../../experiments/models/model.js';
import { type Config, productVersion } from '../config.js';

/** Everything beside the definition that decides what a run computes; stored with the run. */
export interface Provenance {
  datasetDigest: string;
  backboneSha256: string;
  tokenizerSha256: string;
  backboneSource: string;
  randomWeights: boolean;
  engineVersion: string;
  nodeVersion: string;
  packages: Record<string, string>;
  cpu: string | null;
  threads: number;
  command: string;
  gitCommit: string | null;
  gitDirty: boolean | null;
}

const PACKAGES = [
  'onnxruntime-node',
  '@tensorflow/tfjs-core',
  '@huggingface/tokenizers',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-node-gpu',
];

/** What of the provenance is the same for every run of this process; asked once. */
export function machineProvenance(
  config: Config,
): Omit<
  Provenance,
  'datasetDigest' | 'backboneSha256' | 'tokenizerSha256' | 'backboneSource' | 'randomWeights'
> {
  const commit = git(config.root, 'rev-parse', 'HEAD');
  const changes = commit === null ? null : git(config.root, 'status', '--porcelain', '--untracked-files=no');
  return {
    engineVersion: productVersion(config),
    nodeVersion: process.version,
    packages: Object.fromEntries(PACKAGES.flatMap((name) => versionOf(config.root, name))),
    cpu: cpus()[0]?.model.trim() || null,
    threads: config.threads ?? availableParallelism(),
    command: ['frostline', ...process.argv.slice(2)].join(' '),
    gitCommit: commit,
    gitDirty: changes === null ? null : changes !== '',
  };
}

/** What a run's data and backbone contribute. */
export function inputProvenance(datasetDigest: string, model: ResolvedModel) {
  return {
    datasetDigest,
    backboneSha256: model.weightsSha256,
    tokenizerSha256: model.tokenizerSha256,
    backboneSource: model.source,
    randomWeights: model.randomWeights,
  };
}

function versionOf(root: string, name: string): [string, string][] {
  const file = join(root, 'node_modules', name, 'package.json');
  if (!existsSync(file)) return [];
  return [[name, (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version]];
}

function git(cwd: string, ...args: string[]): string | null {
  try {
    return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}
