import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { resolveModel } from '../../../experiments/models/resolver.js';
import { readSafetensors, writeSafetensors } from '../../../experiments/models/safetensors.js';
import { sha256 } from '../../../experiments/models/sources/manifest.js';
import { useFolder } from '../../support/folder.js';
import { startHub } from '../../support/hub.js';
import { fixturesFolder } from '../../support/torchCases.js';

const tiny = join(fixturesFolder, 'models', 'distilbert-tiny');

describe('resolveModel', () => {
  const folder = useFolder();
  const cacheFolder = (): string => join(folder.path, 'cache');
  const nothing = { hubUrl: 'http://127.0.0.1:9' };

  it('loads a folder, relative to the one that is given', async () => {
    cpSync(tiny, join(folder.path, 'model'), { recursive: true });
    const model = await resolveModel('model', { baseFolder: folder.path, cacheFolder: cacheFolder() });
    assert.equal(model.source, 'folder');
    assert.equal(model.weightsSha256, sha256(readFileSync(join(tiny, 'model.safetensors'))));
    assert.equal(model.tokenizerSha256, sha256(readFileSync(join(tiny, 'tokenizer.json'))));
    assert.equal(model.randomWeights, false);
    assert.ok([...model.tensors.keys()].every((name) => name.startsWith('backbone.')));
  });

  it('understands prefixed names, gamma and beta, and keeps what it does not use', async () => {
    const path = join(folder.path, 'model');
    cpSync(tiny, path, { recursive: true });
    const plain = await resolveModel(path, { cacheFolder: cacheFolder() });
    const renamed = new Map(
      [...plain.tensors].map(([name, tensor]) => [
        name
          .replace('backbone.', 'distilbert.')
          .replace('LayerNorm.weight', 'LayerNorm.gamma')
          .replace('LayerNorm.bias', 'LayerNorm.beta'),
        tensor,
      ]),
    );
    renamed.set('vocab_transform.bias', { dtype: 'float32', shape: [1], data: Float32Array.of(7) });
    renamed.set('distilbert.embeddings.position_ids', {
      dtype: 'int64',
      shape: [1, 1],
      data: BigInt64Array.of(0n),
    });
    writeFileSync(join(path, 'model.safetensors'), writeSafetensors(renamed));
    const model = await resolveModel(path, { cacheFolder: cacheFolder() });
    assert.deepEqual(model.tensors, plain.tensors);
    assert.deepEqual([...model.carried.keys()].sort(), ['embeddings.position_ids', 'vocab_transform.bias']);
  });

  it('draws weights from the seed when a folder has a configuration and no weights, and says so', async () => {
    cpSync(tiny, join(folder.path, 'model'), { recursive: true });
    rmSync(join(folder.path, 'model', 'model.safetensors'));
    const notices: string[] = [];
    const draw = (seed: number) =>
      resolveModel(join(folder.path, 'model'), {
        cacheFolder: cacheFolder(),
        seed,
        onNotice: (message) => notices.push(message),
      });
    const model = await draw(1);
    assert.deepEqual([model.source, model.randomWeights], ['random', true]);
    assert.match(notices[0], /holds no weights: they are drawn at random from seed 1$/);
    assert.equal((await draw(1)).weightsSha256, model.weightsSha256);
    assert.notEqual((await draw(2)).weightsSha256, model.weightsSha256);

    const words = model.tensors.get('backbone.embeddings.word_embeddings.weight')!;
    const [, hidden] = words.shape;
    assert.ok(
      words.data.subarray(0, hidden).every((value) => value === 0),
      'the padding row is zero',
    );
    const rest = Array.from(words.data.subarray(hidden) as Float32Array);
    const deviation = Math.sqrt(rest.reduce((sum, value) => sum + value * value, 0) / rest.length);
    assert.ok(Math.abs(deviation - model.config.initializerRange) < 0.1 * model.config.initializerRange);
    assert.ok(model.tensors.get('backbone.embeddings.LayerNorm.weight')!.data.every((value) => value === 1));
    assert.ok(model.tensors.get('backbone.embeddings.LayerNorm.bias')!.data.every((value) => value === 0));
  });

  const broken: [string, (path: string) => void, RegExp][] = [
    [
      'no tokenizer',
      (path) => rmSync(join(path, 'tokenizer.json')),
      /^tokenizer\.json: expected the model's tokenizer/,
    ],
    [
      'no configuration',
      (path) => rmSync(join(path, 'config.json')),
      /^config\.json: expected the model's configuration/,
    ],
    [
      'only pickled weights',
      (path) => {
        rmSync(join(path, 'model.safetensors'));
        writeFileSync(join(path, 'pytorch_model.bin'), '');
      },
      /^model\.safetensors: expected the weights in one safetensors file, there is only pytorch_model\.bin$/,
    ],
    [
      'a family that is not known',
      (path) => writeFileSync(join(path, 'config.json'), '{"model_type":"gpt2"}'),
      /^model_type: expected one of bert, .*, albert, got "gpt2"$/,
    ],
    [
      'a tensor too few',
      (path) => {
        const { tensors } = readSafetensors(new Uint8Array(readFileSync(join(path, 'model.safetensors'))));
        const name = [...tensors.keys()].find((key) => key.endsWith('layer.0.attention.q_lin.weight'))!;
        tensors.delete(name);
        writeFileSync(join(path, 'model.safetensors'), writeSafetensors(tensors));
      },
      /^transformer\.layer\.0\.attention\.q_lin\.weight: expected a tensor of this name, there is none$/,
    ],
  ];
  for (const [what, spoil, message] of broken) {
    it(`refuses a folder with ${what}`, async () => {
      const path = join(folder.path, 'model');
      cpSync(tiny, path, { recursive: true });
      spoil(path);
      await assert.rejects(resolveModel(path, { cacheFolder: cacheFolder() }), {
        code: 'BAD_USER_INPUT',
        message,
      });
    });
  }

  it("loads from Hugging Face's cache, at the commit that main stands for", async () => {
    const cache = join(folder.path, 'hub');
    const repository = join(cache, 'models--distilbert-base-tiny');
    for (const commit of ['aaaa', 'bbbb'])
      cpSync(tiny, join(repository, 'snapshots', commit), { recursive: true });
    mkdirSync(join(repository, 'refs'));
    writeFileSync(join(repository, 'refs', 'main'), 'bbbb\n');
    const model = await resolveModel('distilbert-base-tiny', {
      cacheFolder: cacheFolder(),
      huggingFaceCache: cache,
    });
    assert.deepEqual([model.source, model.folder], ['hf-cache', join(repository, 'snapshots', 'bbbb')]);
  });

  it('compares files of that cache with the digests in their names', async () => {
    const cache = join(folder.path, 'hub');
    const snapshot = join(cache, 'models--a--b', 'snapshots', 'aaaa');
    cpSync(tiny, snapshot, { recursive: true });
    const blob = join(folder.path, '0'.repeat(64));
    cpSync(join(tiny, 'model.safetensors'), blob);
    rmSync(join(snapshot, 'model.safetensors'));
    symlinkSync(blob, join(snapshot, 'model.safetensors'));
    await assert.rejects(resolveModel('a/b', { cacheFolder: cacheFolder(), huggingFaceCache: cache }), {
      code: 'CORRUPT',
      message: /^expected SHA-256 0+, as the Hugging Face cache says, got [0-9a-f]{64}$/,
    });
  });

  it('fetches from the hub once, keeps the digests, and catches a bit that has flipped since', async () => {
    const hub = await startHub('org/tiny', tiny);
    try {
      const seen: string[] = [];
      const options = {
        cacheFolder: cacheFolder(),
        hubUrl: hub.url,
        onProgress: ({ label }: { label: string }) => seen.push(label),
      };
      const model = await resolveModel('org/tiny', options);
      assert.equal(model.source, 'hub');
      assert.ok(seen.includes('org/tiny/model.safetensors'));
      assert.deepEqual(readdirSync(join(cacheFolder(), 'models')), ['org'], 'nothing half-fetched is left');

      const requests = hub.requests();
      const again = await resolveModel('org/tiny', options);
      assert.equal(again.weightsSha256, model.weightsSha256);
      assert.equal(hub.requests(), requests, 'the second time asks nobody');
    } finally {
      await hub.close();
    }
    const weights = join(cacheFolder(), 'models', 'org', 'tiny', 'model.safetensors');
    const bytes = readFileSync(weights);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(weights, bytes);
    await assert.rejects(resolveModel('org/tiny', { cacheFolder: cacheFolder() }), {
      code: 'CORRUPT',
      path: 'model.safetensors',
      source: weights,
      message:
        /^expected SHA-256 [0-9a-f]{64}, as its manifest says, got [0-9a-f]{64}; delete .* to fetch the model again$/,
    });
  });

  it('keeps nothing of a file that is not what the hub says it is', async () => {
    const hub = await startHub('org/tiny', tiny, { spoil: 'model.safetensors' });
    try {
      await assert.rejects(resolveModel('org/tiny', { cacheFolder: cacheFolder(), hubUrl: hub.url }), {
        code: 'BAD_USER_INPUT',
        message: /model\.safetensors has SHA-256 [0-9a-f]{64} instead of [0-9a-f]{64}/,
      });
      assert.ok(!existsSync(join(cacheFolder(), 'models', 'org')));
    } finally {
      await hub.close();
    }
  });

  it('tells everything it tried when nothing has the model', async () => {
    const attempt = resolveModel('distilbert-base-uncased', {
      ...nothing,
      baseFolder: folder.path,
      cacheFolder: cacheFolder(),
      huggingFaceCache: join(folder.path, 'hub'),
    });
    await assert.rejects(attempt, (error: Error) => {
      for (const part of [
        'got "distilbert-base-uncased"',
        `the folder ${join(folder.path, 'distilbert-base-uncased')} (does not exist)`,
        `the cache ${join(cacheFolder(), 'models', 'distilbert', 'distilbert-base-uncased')} (does not hold it)`,
        `Hugging Face's cache ${join(folder.path, 'hub')} (does not hold it)`,
        'http://127.0.0.1:9 (',
      ]) {
        assert.ok(error.message.includes(part), `${error.message} should tell of ${part}`);
      }
      return true;
    });
  });

  it('asks nobody when it is offline', async () => {
    await assert.rejects(
      resolveModel('sentence-transformers/all-MiniLM-L6-v2', {
        ...nothing,
        cacheFolder: cacheFolder(),
        offline: true,
      }),
      /http:\/\/127\.0\.0\.1:9 \(not asked, offline\); PyPI \(not asked, offline\)$/,
    );
  });

  it('opens no path where only ids are allowed', async () => {
    for (const name of [tiny, './model', '../model', 'a/../../b', 'a/b/c']) {
      await assert.rejects(
        resolveModel(name, { cacheFolder: cacheFolder(), allowFolders: false, offline: true }),
        {
          code: 'BAD_USER_INPUT',
          message: /it is not an id$/,
        },
      );
    }
  });
});
