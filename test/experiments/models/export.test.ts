import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { RandomStream } from '../../../experiments/data/random.js';
import { exportModel, type ExportableModel } from '../../../experiments/models/export.js';
import { headLayout, sizeOf } from '../../../experiments/models/layout.js';
import { readExport } from '../../../experiments/models/readExport.js';
import { resolveModel } from '../../../experiments/models/resolver.js';
import { readSafetensors, type HostTensor } from '../../../experiments/models/safetensors.js';
import { useFolder } from '../../support/folder.js';
import { fixturesFolder } from '../../support/torchCases.js';

const tasks = [{ name: 'topic', classes: ['a', 'b'], hidden: 8 }];

async function trainedModel(cacheFolder: string): Promise<ExportableModel> {
  const model = await resolveModel(join(fixturesFolder, 'models', 'bert-tiny'), { cacheFolder });
  const carried = new Map(model.carried).set('pooler.dense.bias', {
    dtype: 'float32',
    shape: [2],
    data: Float32Array.of(1, 2),
  });
  const heads = headLayout(model.config, tasks[0]).map(({ name, shape }): [string, HostTensor] => [
    name,
    { dtype: 'float32', shape, data: new RandomStream(1, name).normal(0, sizeOf(shape)) },
  ]);
  const tensors = new Map([...model.tensors, ...heads]);
  return { model: { ...model, carried }, tasks, tensors, weightsSha256: 'digest', maxLength: 48 };
}

describe('exportModel', () => {
  const folder = useFolder();
  const out = (): string => join(folder.path, 'out');

  it('writes what readExport reads back, bit by bit', async () => {
    const trained = await trainedModel(folder.path);
    await exportModel(trained, out(), { record: { note: 'kept' } });
    const read = readExport(out());
    assert.deepEqual(read.tensors, trained.tensors);
    assert.deepEqual(read.tasks, tasks);
    assert.deepEqual([read.maxLength, read.weightsSha256, read.record.note], [48, 'digest', 'kept']);
    assert.equal(read.model.maxSequenceLength, 48);
  });

  it('names the backbone as Hugging Face does, and hands on what was not trained', async () => {
    const trained = await trainedModel(folder.path);
    await exportModel(trained, out());
    const { tensors, metadata } = readSafetensors(join(out(), 'model.safetensors'));
    assert.deepEqual(metadata, { format: 'pt' });
    assert.deepEqual(
      [...tensors.keys()].sort(),
      [
        ...[...trained.model.tensors.keys()].map((name) => name.slice('backbone.'.length)),
        ...trained.model.carried.keys(),
      ].sort(),
    );
    const { dtype: _dtype, ...raw } = trained.model.config.raw;
    assert.deepEqual(JSON.parse(readFileSync(join(out(), 'config.json'), 'utf8')), {
      ...raw,
      architectures: ['BertModel'],
      torch_dtype: 'float32',
    });
  });

  it('writes the modules that sentence-transformers wants, and the tokenizer as it was', async () => {
    const trained = await trainedModel(folder.path);
    await exportModel(trained, out());
    const modules = JSON.parse(readFileSync(join(out(), 'modules.json'), 'utf8')) as { path: string }[];
    for (const { path } of modules) assert.ok(existsSync(join(out(), path)), path);
    assert.deepEqual(readFileSync(join(out(), 'tokenizer.json')), readFileSync(trained.model.tokenizerPath));
  });

  it('writes over an earlier export, keeps what else lies there, and leaves nothing half-written', async () => {
    const trained = await trainedModel(folder.path);
    await exportModel(trained, out(), { record: { version: 1 } });
    mkdirSync(join(out(), 'checkpoints'));
    await exportModel(trained, out(), { record: { version: 2 } });
    assert.equal(readExport(out()).record.version, 2);
    assert.ok(existsSync(join(out(), 'checkpoints')));
    assert.ok(readdirSync(out()).every((name) => !name.startsWith('.')));
    assert.ok(readdirSync(folder.path).every((name) => !name.startsWith('.')));
  });

  it("refuses to write over somebody else's model", async () => {
    mkdirSync(out());
    writeFileSync(join(out(), 'model.safetensors'), 'precious');
    await assert.rejects(exportModel(await trainedModel(folder.path), out()), {
      code: 'BAD_USER_INPUT',
      source: out(),
      message: /it holds a model\.safetensors$/,
    });
    assert.equal(readFileSync(join(out(), 'model.safetensors'), 'utf8'), 'precious');
  });
});

describe('readExport', () => {
  const folder = useFolder();

  it('refuses weights that are not those that were written', async () => {
    const out = join(folder.path, 'out');
    await exportModel(await trainedModel(folder.path), out);
    const path = join(out, 'heads.safetensors');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(path, bytes);
    assert.throws(() => readExport(out), {
      code: 'CORRUPT',
      source: path,
      message: /as frostline\.json says/,
    });
  });

  it('has them refused too where the folder is taken as a backbone', async () => {
    const out = join(folder.path, 'out');
    await exportModel(await trainedModel(folder.path), out);
    const again = await resolveModel(out, { cacheFolder: folder.path });
    assert.equal(again.tensors.get('backbone.embeddings.word_embeddings.weight')?.dtype, 'float32');
    for (const name of ['config.json', 'tokenizer.json', 'model.safetensors']) {
      const path = join(out, name);
      const bytes = readFileSync(path);
      const changed = Buffer.from(bytes);
      changed[changed.lastIndexOf('0')]! ^= 1;
      writeFileSync(path, changed);
      await assert.rejects(resolveModel(out, { cacheFolder: folder.path }), {
        code: 'CORRUPT',
        source: path,
        message: /as frostline\.json says/,
      });
      writeFileSync(path, bytes);
    }
  });

  it('refuses a folder that no training wrote', () => {
    assert.throws(() => readExport(folder.path), {
      code: 'BAD_USER_INPUT',
      message: /^frostline\.json: expected a folder/,
    });
  });
});
