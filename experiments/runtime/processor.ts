import { closeSync, openSync, readSync } from 'node:fs';
import { arch, cpus } from 'node:os';

/** The processor, as far as it decides which kernels are chosen and so the last bits of results. */
export interface Processor {
  model: string;
  arch: string;
  /** Every feature flag the system names, sorted; empty where it names none. */
  flags: string[];
  /**
   * Family of processors that promise equal bits: architecture and the vector instructions that matrix kernels choose by; the
   * model where these are not known.
   */
  family: string;
}

/** Instructions by which ONNX Runtime's CPU kernels differ (MLAS picks them when it is loaded). */
const decisive =
  /^(sse4_1|avx|avx2|fma|f16c|avx512(f|bw|dq|vl|_vnni|_bf16|_fp16)|avx_vnni|avx_vnni_int8|amx_(tile|int8|bf16)|asimd|asimdhp|asimddp|i8mm|bf16|sve|sve2|sme)$/;

let known: Processor | undefined;

/** The processor this process runs on. */
export function processor(): Processor {
  known ??= describe(cpus()[0]?.model.trim() || 'unknown', arch(), readFlags());
  return known;
}

/**
 * The largest code that weights in bytes may have. x86 processors without instructions for products of bytes (VNNI) add two of them up in
 * 16 bits, which larger codes overflow.
 */
export function largestWeightCode({ arch: architecture, flags }: Processor = processor()): number {
  const overflows = architecture === 'x64' && !flags.some((flag) => /^avx(512)?_vnni$/.test(flag));
  return overflows ? 63 : 127;
}

function describe(model: string, architecture: string, flags: string[]): Processor {
  const chosen = flags.filter((flag) => decisive.test(flag));
  const family = [architecture, ...(chosen.length > 0 ? chosen : [model])].join(' ');
  return { model, arch: architecture, flags, family };
}

/** Flags of the first processor in /proc/cpuinfo; the beginning of the file is enough, and on large machines much quicker. */
function readFlags(): string[] {
  let file: number;
  try {
    file = openSync('/proc/cpuinfo', 'r');
  } catch {
    return []; // not Linux
  }
  try {
    const bytes = Buffer.alloc(16384);
    const text = bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0));
    const line = /^(?:flags|Features)\s*:(.*)\n/m.exec(text)?.[1] ?? '';
    return [...new Set(line.trim().split(/\s+/))].filter((flag) => flag !== '').sort();
  } finally {
    closeSync(file);
  }
}
