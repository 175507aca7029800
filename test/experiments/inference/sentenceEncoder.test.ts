import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEncoder, resolveModel, type Encoder, type ResolvedModel } from '../../../experiments/index.js';
import { type Precision } from '../../../experiments/runtime/precision.js';
import { useFolder } from '../../support/folder.js';
import { fixturesFolder, readJson } from '../../support/torchCases.js';

describe('the size of a loaded model', () => {
  const [hidden, inner, blocks] = [128, 512, 2];
  /** Numbers in the weights of linear layers. */
  const linear = blocks * (4 * hidden * hidden + 2 * hidden * inner);
  const folder = useFolder();

  async function model(): Promise<ResolvedModel> {
    const tiny = join(fixturesFolder, 'models', 'bert-tiny');
    const sizes = { hidden_size: hidden, intermediate_size: inner, num_hidden_layers: blocks };
    const config = { ...readJson<object>(join(tiny, 'config.json')), ...sizes };
    writeFileSync(join(folder.path, 'config.json'), JSON.stringify(config));
    cpSync(join(tiny, 'tokenizer.json'), join(folder.path, 'tokenizer.json'));
    return resolveModel(folder.path, { cacheFolder: folder.path, seed: 1 });
  }
  const sizeOf = async (precision: Precision): Promise<{ tables: number; copy: number }> => {
    const resolved = await model();
    const encoder: Encoder = await openEncoder(resolved, { device: 'cpu', threads: 1, precision });
    await encoder.close();
    let tables = 0;
    for (const name of ['word', 'position', 'token_type'])
      tables += resolved.tensors.get(`backbone.embeddings.${name}_embeddings.weight`)!.data.byteLength;
    // One copy of the other weights for the session, and one to open further sessions of.
    return { tables, copy: (encoder.bytes - tables) / 2 };
  };

  it('counts what its linear layers are held in: four bytes for each number, or one', async () => {
    const [exact, bytes] = [await sizeOf('float32'), await sizeOf('int8')];
    assert.ok(exact.copy >= 4 * linear && exact.copy < 4.2 * linear, `${exact.copy / linear}`);
    assert.ok(bytes.copy >= linear && bytes.copy < 1.2 * linear, `${bytes.copy / linear}`);
  });
});
