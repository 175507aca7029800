import { join } from 'node:path';
import { type Command, measureProcess } from '../bench/measureProcess.js';
import { median } from '../bench/statistics.js';
import { benchFolder, root } from '../bench/workplace.js';
import type { Contender, ServeBench } from './serveBench.js';

/** Sentences a second of each contender that is there: processes in turn, so that what else the machine does meets all of them. */
export async function bulk(bench: ServeBench): Promise<Map<Contender, number>> {
  const commands = new Map<Contender, Command>([
    ['frostline float32', ours(bench, 'float32')],
    ['frostline int8', ours(bench, 'int8')],
  ]);
  const { python, pythonInt8 } = bench;
  if (python !== null) commands.set('peer float32', peer(bench, python, []));
  if (pythonInt8 !== null) {
    const folder = join(benchFolder, 'work', 'onnx-int8');
    commands.set('peer int8', peer(bench, pythonInt8, ['--int8', folder]));
  }
  const rates = new Map<Contender, number[]>();
  for (let run = 0; run < bench.runs; run += 1) {
    for (const [contender, command] of commands) {
      const rate = await rateOf(command);
      bench.tell(`bulk, ${contender}: ${rate.toFixed(0)} sentences/s`);
      rates.set(contender, [...(rates.get(contender) ?? []), rate]);
    }
  }
  return new Map([...rates].map(([contender, values]) => [contender, median(values)]));
}

async function rateOf(command: Command): Promise<number> {
  const { lines } = await measureProcess(command);
  const { seconds, sentences } = lines.find(({ value }) => value.type === 'encoded')!.value;
  return (sentences as number) / (seconds as number);
}

function ours({ model, threads, sentences }: ServeBench, precision: string): Command {
  const script = join(root, 'scripts', 'bench-serve', 'encode.mjs');
  const args = [script, model, String(threads), precision, '1'];
  return { program: process.execPath, args, input: lines(sentences) };
}

function peer({ model, threads, sentences }: ServeBench, python: string, more: string[]): Command {
  const script = join(root, 'scripts', 'bench-serve', 'peer.py');
  const args = [script, '--threads', String(threads), 'encode', model, ...more];
  return { program: python, args, input: lines(sentences) };
}

function lines(sentences: readonly string[]): string {
  return sentences.map((sentence) => `${sentence}\n`).join('');
}
