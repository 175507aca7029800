import { existsSync, readFileSync, accessSync, constants, statfsSync } from 'node:fs';
import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os';
import { dirname } from 'node:path';

import { processor } from '../../../experiments/runtime/processor.js';

/** The computer, as far as training and serving depend on it. */
export interface MachineReport {
  node: string;
  system: string;
  processor: string;
  /** Processors the system has, and those this process may use. */
  cores: number;
  usableCores: number;
  /** Vector and matrix instructions, which decide how fast the CPU multiplies. */
  instructions: string[];
  memoryBytes: number;
  /** What could be had without swapping. */
  availableMemoryBytes: number;
}

/** A folder the product writes to. */
export interface FolderReport {
  path: string;
  exists: boolean;
  writable: boolean;
  freeBytes: number;
}

/** Instructions worth a word; the CPU kernels of ONNX Runtime choose by them. */
const telling =
  /^(avx|avx2|avx512f|avx512_vnni|avx512_bf16|amx_\w+|avx_vnni|fma|f16c|asimd|i8mm|bf16|sve2?)$/;

export function describeMachine(): MachineReport {
  const { model, flags } = processor();
  return {
    node: process.version,
    system: `${platform()} ${arch()}, ${release()}`,
    processor: model,
    cores: cpus().length,
    usableCores: availableParallelism(),
    instructions: flags.filter((flag) => telling.test(flag)),
    memoryBytes: totalmem(),
    availableMemoryBytes: availableMemory(),
  };
}

/** On Linux what the kernel says, since memory that only caches files counts as taken elsewhere. */
function availableMemory(): number {
  if (!existsSync('/proc/meminfo')) return freemem();
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}

/** A folder that need not be there yet: what counts then is the nearest one above it. */
export function describeFolder(path: string): FolderReport {
  let nearest = path;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  const { bavail, bsize } = statfsSync(nearest);
  return { path, exists: nearest === path, writable: isWritable(nearest), freeBytes: bavail * bsize };
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
