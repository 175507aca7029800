import { execFile } from 'node:child_process';
import { type CpuInfo, cpus, freemem, totalmem } from 'node:os';
import { promisify } from 'node:util';

/** A measurement, under the name that the design gives it. */
export interface SystemReading {
  name: string;
  value: number;
}

const MEBIBYTE = 2 ** 20;
const GPU_PATIENCE_MS = 4_000;

/**
 * Looks at the machine: `system/cpu` and `system/memory` in percent of all there is, `system/processMemory` in MiB, and of each
 * NVIDIA GPU `system/gpu` in percent and `system/gpuMemory` in MiB; further ones as `system/gpu1` and so on.
 */
export class SystemMonitor {
  #before = cpuTimes(cpus());
  #gpus: SystemReading[] = [];
  #asking = false;
  /** null until it is known whether there is a program that tells of GPUs. */
  #hasGpus: boolean | null = null;

  constructor(private readonly askGpus: () => Promise<string> = nvidiaSmi) {}

  /** What the machine does; CPUs since the last reading. Takes no time: GPUs are asked meanwhile, for the next reading. */
  read(): SystemReading[] {
    const now = cpuTimes(cpus());
    const total = now.total - this.#before.total;
    const busy = total === 0 ? 0 : (now.busy - this.#before.busy) / total;
    this.#before = now;
    void this.readGpus();
    return [
      { name: 'system/cpu', value: round(100 * busy) },
      { name: 'system/memory', value: round(100 * (1 - freemem() / totalmem())) },
      { name: 'system/processMemory', value: Math.round(process.memoryUsage.rss() / MEBIBYTE) },
      ...this.#gpus,
    ];
  }

  /** Asks how busy the GPUs are. A machine that cannot tell is not asked again. */
  async readGpus(): Promise<void> {
    if (this.#hasGpus === false || this.#asking) return;
    this.#asking = true;
    try {
      this.#gpus = parseGpus(await this.askGpus());
      this.#hasGpus = true;
    } catch {
      // One that could tell before is busy or gone for the moment: no readings are better than old ones.
      this.#hasGpus ??= false;
      this.#gpus = [];
    }
    this.#asking = false;
  }
}

/** Reads lines such as `37, 1024`: percent, MiB. What a GPU does not support (`[N/A]`) is left out. */
export function parseGpus(text: string): SystemReading[] {
  return text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line, index) => {
      const [use, memory] = line.split(',').map((field) => Number.parseFloat(field));
      const gpu = index === 0 ? 'system/gpu' : `system/gpu${index}`;
      return [
        { name: gpu, value: use! },
        { name: `${gpu}Memory`, value: memory! },
      ].filter(({ value }) => Number.isFinite(value));
    });
}

async function nvidiaSmi(): Promise<string> {
  const query = ['--query-gpu=utilization.gpu,memory.used', '--format=csv,noheader,nounits'];
  const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: GPU_PATIENCE_MS });
  return stdout;
}

function cpuTimes(processors: readonly CpuInfo[]): { busy: number; total: number } {
  let [busy, total] = [0, 0];
  for (const { times } of processors) {
    const all = times.user + times.nice + times.sys + times.irq + times.idle;
    busy += all - times.idle;
    total += all;
  }
  return { busy, total };
}

function round(percent: number): number {
  return Math.round(10 * percent) / 10;
}
