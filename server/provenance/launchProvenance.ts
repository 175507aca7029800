import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type LaunchProvenance } from '../../experiments/training/provenance.js';
import { type Config, productVersion } from '../config.js';
import { checkoutState } from './checkout.js';

const packages = [
  'onnxruntime-node',
  '@tensorflow/tfjs-core',
  '@huggingface/tokenizers',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-node-gpu',
];

/** What this process can tell of itself; the same for all its runs but for the threads. */
export function launchProvenance(config: Config, threads?: number): LaunchProvenance {
  return {
    engineVersion: productVersion(config),
    packages: Object.fromEntries(packages.flatMap((name) => versionOf(config.root, name))),
    threads: threads ?? config.threads ?? availableParallelism(),
    command: ['frostline', ...process.argv.slice(2)].join(' '),
    ...checkoutState(config.root, config.environment),
  };
}

function versionOf(root: string, name: string): [string, string][] {
  const file = join(root, 'node_modules', name, 'package.json');
  if (!existsSync(file)) return [];
  return [[name, (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version]];
}
