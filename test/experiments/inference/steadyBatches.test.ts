import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openEncoder, RandomStream, resolveModel, type ResolvedModel } from '../../../experiments/index.js';
import { useFolder } from '../../support/folder.js';
import { fixturesFolder, readJson } from '../../support/torchCases.js';

/** Words of a sentence: either side of where a padded length ends, and where vector registers do. */
const lengths = [0, 1, 2, 3, 5, 8, 13, 14, 15, 16, 20, 29, 30, 31, 40, 50];
const words = 'the of and to in a is that for it as was with be by on not he this are or his from at'.split(
  ' ',
);
const compositions = 40;

describe('a sentence in any company', () => {
  const folder = useFolder();
  const random = new RandomStream(1, 'company');
  let drawn = 0;
  const draw = (below: number): number => Math.floor(random.uniform((drawn += 1), 1)[0]! * below);
  const sentences = lengths.map((length) =>
    Array.from({ length }, () => words[draw(words.length)]).join(' '),
  );

  /** Random weights: the bits are what counts. */
  async function modelOf(hidden: number, inner: number, heads: number): Promise<ResolvedModel> {
    const tiny = join(fixturesFolder, 'models', 'bert-tiny');
    const sizes = { hidden_size: hidden, intermediate_size: inner, num_attention_heads: heads };
    const config = { ...readJson<object>(join(tiny, 'config.json')), ...sizes };
    writeFileSync(join(folder.path, 'config.json'), JSON.stringify(config));
    cpSync(join(tiny, 'tokenizer.json'), join(folder.path, 'tokenizer.json'));
    return resolveModel(folder.path, { cacheFolder: folder.path, seed: 1 });
  }
  const fixture = (name: string) => (): Promise<ResolvedModel> =>
    resolveModel(join(fixturesFolder, 'models', name), { cacheFolder: folder.path });

  const models: [string, () => Promise<ResolvedModel>][] = [
    ...['bert-tiny', 'bert-half', 'distilbert-tiny', 'distilbert-relu'].map(
      (name): [string, () => Promise<ResolvedModel>] => [name, fixture(name)],
    ),
    ['rows that end within a register', () => modelOf(30, 50, 3)],
    ['160 wide', () => modelOf(160, 320, 4)],
    ['384 wide', () => modelOf(384, 1536, 12)],
  ];
  for (const [name, open] of models) {
    for (const [precision, threads] of [
      ['float32', 1],
      ['float32', 2],
      ['float32', 5],
      ['int8', 1],
      ['int8', 5],
    ] as const) {
      it(`has the same bits as alone: ${name}, ${precision}, ${threads} threads`, async () => {
        const model = await open();
        const encoder = await openEncoder(model, { device: 'cpu', threads, precision, maxLength: 64 });
        try {
          const alone: Float32Array[] = [];
          for (const sentence of sentences) alone.push((await encoder.embed([sentence]))[0]!);
          for (let trial = 0; trial < compositions; trial += 1) {
            const company = Array.from({ length: 1 + draw(12) }, () => draw(sentences.length));
            const vectors = await encoder.embed(company.map((index) => sentences[index]!));
            company.forEach((index, row) => {
              const told = `${lengths[index]} words among ${company.map((other) => lengths[other]).join(', ')}`;
              assert.deepEqual(vectors[row], alone[index], told);
            });
          }
        } finally {
          await encoder.close();
        }
      });
    }
  }
});
