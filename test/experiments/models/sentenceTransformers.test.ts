import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { openEncoder } from '../../../experiments/inference/encoder.js';
import { exportModel } from '../../../experiments/models/export.js';
import { resolveModel, type ResolvedModel } from '../../../experiments/models/resolver.js';
import { assertClose } from '../../support/closeness.js';
import { useFolder } from '../../support/folder.js';
import { fixturesFolder, readJson } from '../../support/torchCases.js';

const { sentences, models } = readJson<{
  sentences: string[];
  models: Record<string, { maxSequenceLength: number; embeddings: number[][] }>;
}>(join(fixturesFolder, 'sentence-transformers.json'));

/** What the design grants between two ways to compute the same; in proportion for vectors that are longer than 1. */
const tolerance = 1e-5;

function modelFolder(name: string): string {
  return join(fixturesFolder, 'models', name);
}

async function embed(model: ResolvedModel): Promise<Float32Array[]> {
  const encoder = await openEncoder(model);
  try {
    return await encoder.embed(sentences);
  } finally {
    await encoder.close();
  }
}

describe("a folder that sentence-transformers wrote, or transformers' own", () => {
  const folder = useFolder();

  for (const [name, expected] of Object.entries(models)) {
    it(`gives the embeddings that sentence-transformers gives: ${name}`, async () => {
      const model = await resolveModel(modelFolder(name), { cacheFolder: folder.path });
      assert.equal(model.maxSequenceLength, expected.maxSequenceLength);
      for (const [row, vector] of (await embed(model)).entries()) {
        const size = Math.hypot(...expected.embeddings[row]);
        const allowed = tolerance * Math.max(1, size);
        assertClose(
          vector,
          expected.embeddings[row],
          allowed,
          `embedding of ${JSON.stringify(sentences[row])}`,
        );
      }
    });
  }

  it('is handed on with its pooling, its limits and its lower case', async () => {
    for (const name of ['bert-cls', 'distilbert-max', 'bert-sqrt']) {
      const model = await resolveModel(modelFolder(name), { cacheFolder: folder.path });
      const out = join(folder.path, name);
      const { maxSequenceLength: maxLength, tensors } = model;
      await exportModel({ model, tasks: [], tensors, weightsSha256: '', maxLength }, out);
      const again = await resolveModel(out, { cacheFolder: folder.path });
      for (const field of ['normalize', 'lowercase', 'maxSequenceLength'] as const)
        assert.equal(again[field], model[field], `${field} of ${name}`);
      assert.equal(again.config.pooling, model.config.pooling);
      assert.deepEqual(await embed(again), await embed(model));
    }
  });

  it('may keep the transformer in a folder of its own, as old ones do', async () => {
    const copy = join(folder.path, 'old');
    cpSync(modelFolder('bert-cls'), copy, { recursive: true });
    mkdirSync(join(copy, '0_Transformer'));
    for (const name of ['config.json', 'model.safetensors', 'tokenizer.json', 'sentence_bert_config.json'])
      renameSync(join(copy, name), join(copy, '0_Transformer', name));
    const modules = readFileSync(join(copy, 'modules.json'), 'utf8');
    writeFileSync(join(copy, 'modules.json'), modules.replace('"path": ""', '"path": "0_Transformer"'));
    const model = await resolveModel(copy, { cacheFolder: folder.path });
    const original = await resolveModel(modelFolder('bert-cls'), { cacheFolder: folder.path });
    assert.deepEqual(await embed(model), await embed(original));
  });

  const dense = { type: 'sentence_transformers.models.Dense', path: '2_Dense' };
  const transformer = { type: 'sentence_transformers.models.Transformer', path: '' };
  const pooling = { type: 'sentence_transformers.models.Pooling', path: '1_Pooling' };
  const refused: [string, Record<string, unknown>, RegExp][] = [
    [
      'a layer above the pooling',
      { 'modules.json': [transformer, pooling, dense] },
      /^modules: expected Transformer, Pooling and at most Normalize, .* got Transformer, Pooling, Dense$/,
    ],
    ['no pooling', { 'modules.json': [transformer] }, /^modules: .* got Transformer$/],
    ['a list that is none', { 'modules.json': {} }, /^expected an array of modules$/],
    [
      'a module outside of it',
      { 'modules.json': [transformer, { ...pooling, path: '../1_Pooling' }] },
      /^1: expected the type of a module and its path inside the folder$/,
    ],
    [
      'two poolings at once',
      { '1_Pooling/config.json': { pooling_mode_cls_token: true, pooling_mode_mean_tokens: true } },
      /^pooling_mode: expected one of mean, cls, max, mean_sqrt_len_tokens, got cls and mean$/,
    ],
    [
      'a pooling that is not known',
      { '1_Pooling/config.json': { pooling_mode: 'lasttoken' } },
      /^pooling_mode: .* got lasttoken$/,
    ],
  ];
  for (const [what, files, message] of refused) {
    it(`is refused with ${what}`, async () => {
      const copy = join(folder.path, 'changed');
      cpSync(modelFolder('bert-cls'), copy, { recursive: true });
      for (const [name, json] of Object.entries(files)) {
        mkdirSync(dirname(join(copy, name)), { recursive: true });
        writeFileSync(join(copy, name), JSON.stringify(json));
      }
      await assert.rejects(resolveModel(copy, { cacheFolder: folder.path }), {
        code: 'BAD_USER_INPUT',
        message,
      });
    });
  }
});
