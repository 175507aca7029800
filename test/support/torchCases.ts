import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What PyTorch measured of one task over the validation split. */
export interface TorchEvaluation {
  loss: number | null;
  accuracy: number | null;
  macroF1: number | null;
  confusion: number[][];
  labelled: number;
}

export interface TorchEpoch {
  lossSum: number;
  stepLosses: number[];
  train: Record<string, number | null>;
  /** A task without a labelled row in a step is absent from it. */
  taskLosses?: Record<string, number>[];
  learningRates?: number[];
  validation?: Record<string, TorchEvaluation>;
  validationLoss?: number;
}

export interface TorchSnapshot {
  token_ids: number[][];
  embeddings: number[][];
  logits: Record<string, number[][]>;
}

/** The contents of an expected.json. The optional parts are in this project's own cases only. */
export interface TorchExpectation {
  trainableParameters: number;
  totalParameters: number;
  trainable?: string[];
  frozen?: string[];
  before: TorchSnapshot;
  epochs: TorchEpoch[];
  after: TorchSnapshot;
}

/** A training that PyTorch has done: its folder with definition, data, heads, and what came out. */
export interface TorchCase {
  name: string;
  folder: string;
  expected: TorchExpectation;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where the project's own cases lie. */
export const fixturesFolder = join(root, 'test', 'fixtures');

/** Further cases that may lie beside the checkout. */
export const neighbourFolder = join(root, '..', 'shared', 'parity');

/** Every case under a folder, by name; none where there is no such folder. */
export function torchCases(folder: string): TorchCase[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'expected.json')))
    .sort()
    .map((name) => ({
      name,
      folder: join(folder, name),
      expected: readJson<TorchExpectation>(join(folder, name, 'expected.json')),
    }));
}

export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
