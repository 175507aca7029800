import { join } from 'node:path';
import type { Command } from './measureProcess.js';
import { coldCache, root, writeDefinition, type DataFile, type Workplace } from './workplace.js';

/** A training that both sides can be asked for. */
export interface TrainingWork {
  name: string;
  freeze: 'full' | 'partial' | 'head-only';
  epochs: number;
  batchSize?: number;
  learningRate?: number;
  seed?: number;
  model?: string;
  data?: DataFile;
  /** Ours alone: several runs from one definition. */
  sweep?: Record<string, unknown[]>;
  /** The peer's alone. */
  bf16?: boolean;
}

const maxLength = 64;
const defaults = { batchSize: 32, learningRate: 2e-5, seed: 0 };
const frostline = join(root, 'bin', 'frostline.mjs');
const peer = join(root, 'scripts', 'bench', 'peer.py');

/** Lower half of the blocks of both models that are measured, with the embeddings below them. */
const freezeRules = {
  full: { preset: 'full' },
  partial: { embeddings: true, blocks: 3 },
  'head-only': { preset: 'head-only' },
};

/** `frostline train`, from a cold feature cache. */
export function ourTraining(place: Workplace, work: TrainingWork): Command {
  const { batchSize, learningRate, seed } = { ...defaults, ...work };
  const data = work.data ?? place.data;
  const definition = writeDefinition(work.name, {
    model: work.model ?? place.model,
    dataset: data.csv,
    tasks: data.tasks.map((name) => ({ name })),
    freeze: freezeRules[work.freeze],
    training: { epochs: work.epochs, batchSize, learningRate, maxLength, seed },
    ...(work.sweep === undefined ? {} : { sweep: work.sweep }),
  });
  return frostlineCommand(['train', definition, '--json', '--threads', String(place.threads)]);
}

/** The peer's program for the same work. */
export function peerTraining(place: Workplace, work: TrainingWork): Command {
  const { batchSize, learningRate, seed } = { ...defaults, ...work };
  const settings = {
    freeze: work.freeze,
    epochs: work.epochs,
    'batch-size': batchSize,
    'learning-rate': learningRate,
    'max-length': maxLength,
    seed,
  };
  return peerCommand(place, [
    'train',
    work.model ?? place.model,
    (work.data ?? place.data).csv,
    ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ...(work.bf16 ? ['--bf16'] : []),
  ]);
}

/** `frostline embed`; what it prints is thrown away. */
export function ourEmbedding(place: Workplace, input: string): Command {
  const command = frostlineCommand(['embed', '--model', place.model, '--threads', String(place.threads)]);
  return { ...command, input, silent: true };
}

/** The engine's encoder in a process that tells the seconds of encoding alone. */
export function ourEncoding(place: Workplace, input: string): Command {
  const script = join(root, 'scripts', 'bench', 'encode.mjs');
  return { program: process.execPath, args: [script, place.model, String(place.threads)], input };
}

export function peerEmbedding(place: Workplace, input: string, { bf16 = false } = {}): Command {
  return { ...peerCommand(place, ['embed', place.model, ...(bf16 ? ['--bf16'] : [])]), input, silent: true };
}

/** Prints the versions of the peer's packages. */
export function peerVersions(place: Workplace): Command {
  return peerCommand(place, ['versions']);
}

function frostlineCommand(args: string[]): Command {
  const env = { FROSTLINE_CACHE: coldCache(), FROSTLINE_OFFLINE: '1' };
  return { program: process.execPath, args: [frostline, ...args], env };
}

function peerCommand({ python, threads }: Workplace, args: string[]): Command {
  if (python === null) throw new Error('--python: expected a Python with torch, got none');
  const env = { HF_HUB_OFFLINE: '1', TOKENIZERS_PARALLELISM: 'false' };
  return { program: python, args: [peer, '--threads', String(threads), ...args], env };
}
