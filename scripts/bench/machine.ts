import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { onnxRuntimeVersion } from '../../experiments/runtime/onnxSession.js';
import { root } from './workplace.js';

/** What the numbers were measured on and with. */
export interface Machine {
  processor: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  onnxRuntime: string;
  commit: string;
}

export function describeMachine(): Machine {
  return {
    processor: processorName(),
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
    onnxRuntime: onnxRuntimeVersion(),
    commit: commit(),
  };
}

/** From how many processors in use on that a measurement is disturbed. */
export const disturbing = 0.3;

/** How many processors others use at the moment, while this process waits for two seconds: near 0 on an idle machine. */
export async function processorsInUse(): Promise<number> {
  const before = processorTimes();
  await wait(2000);
  const after = processorTimes();
  return ((after.busy - before.busy) / (after.all - before.all)) * availableParallelism();
}

function processorTimes(): { busy: number; all: number } {
  const total = { busy: 0, all: 0 };
  for (const { times } of cpus()) {
    const all = Object.values(times).reduce((sum, time) => sum + time, 0);
    total.all += all;
    total.busy += all - times.idle;
  }
  return total;
}

function processorName(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  try {
    const info = readFileSync('/proc/cpuinfo', 'utf8');
    const field = (name: string): string => new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(info)?.[1] ?? '?';
    const flags = ['avx2', 'avx512f', 'avx512_bf16', 'amx_bf16'].filter((flag) =>
      field('flags').split(' ').includes(flag),
    );
    return `${model} (family ${field('cpu family')}, model ${field('model')}; ${flags.join(', ')})`;
  } catch {
    return model;
  }
}

function commit(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const changed =
      git('status', '--porcelain', '--', join(root, 'experiments'), join(root, 'server')) !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? ', with uncommitted changes' : ''}`;
  } catch {
    return 'unknown';
  }
}
