import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Command {
  program: string;
  args: string[];
  /** Given on standard input. */
  input?: string;
  env?: Record<string, string>;
  /** Throw standard output away, so that nobody spends time on reading it. */
  silent?: boolean;
}

/** A process from its start to its end. */
export interface Measurement {
  wallSeconds: number;
  /** Most physical memory it held at a time; null where the system does not tell (all but Linux). */
  peakBytes: number | null;
  /** The JSON objects among the lines it printed, to either stream, each with the second it came in. */
  lines: PrintedLine[];
}

export interface PrintedLine {
  at: number;
  value: Record<string, unknown>;
}

/** Often while a process is young, for it may end soon; then seldom, as asking takes its processors away for a moment. */
const pollMilliseconds = { young: 20, old: 500 };
const youngSeconds = 2;
/** Set on some machines for another library's sake, they slow NumPy's and PyTorch's matrix kernels down. */
const unset = ['OPENBLAS_CORETYPE', 'OPENBLAS_L2_SIZE'];

/** Runs a command to its end and measures it from outside. A command that fails is an error with the end of what it said. */
export function measureProcess({
  program,
  args,
  input = '',
  env = {},
  silent,
}: Command): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const inherited = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !unset.includes(name)),
    );
    const started = performance.now();
    const child = spawn(program, args, {
      env: { ...inherited, ...env },
      stdio: ['pipe', silent ? 'ignore' : 'pipe', 'pipe'],
    });
    const seconds = (): number => (performance.now() - started) / 1000;
    let peakBytes: number | null = null;
    let poll: NodeJS.Timeout | undefined;
    const ask = (): void => {
      const held = child.pid === undefined ? null : peakMemory(child.pid);
      if (held !== null) peakBytes = Math.max(peakBytes ?? 0, held);
      poll = setTimeout(ask, seconds() < youngSeconds ? pollMilliseconds.young : pollMilliseconds.old);
    };
    ask();
    const lines: PrintedLine[] = [];
    const said: string[] = [];
    const collect = (stream: NodeJS.ReadableStream, keep: boolean): void => {
      let rest = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        const parts = (rest + chunk).split('\n');
        rest = parts.pop() as string;
        for (const line of parts) {
          if (line.startsWith('{'))
            lines.push({ at: seconds(), value: JSON.parse(line) as PrintedLine['value'] });
          else if (keep) said.push(line);
        }
      });
    };
    if (child.stdout !== null) collect(child.stdout, false);
    if (child.stderr !== null) collect(child.stderr, true);
    child.on('error', (error) => {
      clearTimeout(poll);
      reject(error);
    });
    child.on('close', (status) => {
      clearTimeout(poll);
      if (status === 0) resolve({ wallSeconds: seconds(), peakBytes, lines });
      else
        reject(
          new Error(`${[program, ...args].join(' ')} ended with ${status}: ${said.slice(-5).join('\n')}`),
        );
    });
    child.stdin?.on('error', () => undefined); // the process may end without reading
    child.stdin?.end(input);
  });
}

/** The most physical memory a running process has held so far. */
function peakMemory(pid: number): number | null {
  try {
    return parsePeakMemory(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return null; // it ended, or the system has no /proc
  }
}

/** VmHWM of a Linux process's status file, in bytes. */
export function parsePeakMemory(status: string): number | null {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}
