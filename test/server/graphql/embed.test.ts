import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { insertRun } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

interface Embedded {
  embed: {
    embeddings: number[][];
    dimensions: number;
    model: { model: string; normalized: boolean; maxLength: number; weightsSha256: string };
    timings: { tokenizeMs: number; queueMs: number; inferenceMs: number };
  };
}

describe('embed queries through the API', () => {
  const server = useServer();
  const embed = (input: object) =>
    server.query<Embedded>(
      `query ($input: EmbedInput!) { embed(input: $input) {
         embeddings dimensions model { model normalized maxLength weightsSha256 } timings { tokenizeMs queueMs inferenceMs }
       } }`,
      { input },
    );

  it('embeds in the precision that is asked for, and says which by its digest', async () => {
    const ask = async (more: string) => {
      const { data, errors } = await server.query<{
        embed: {
          embeddings: number[][];
          model: { precision: string; precisionSha256: string; digest: string };
        };
      }>(
        `{ embed(input: { model: "bert-tiny", sentences: ["One sentence."]${more} }) {
           embeddings model { precision precisionSha256 digest } } }`,
      );
      assert.equal(errors, undefined);
      return data.embed;
    };
    const [usual, exact, bytes] = [
      await ask(''),
      await ask(', precision: float32'),
      await ask(', precision: int8'),
    ];
    assert.deepEqual(exact, usual);
    assert.deepEqual([usual.model.precision, bytes.model.precision], ['float32', 'int8']);
    assert.notEqual(bytes.model.precisionSha256, usual.model.precisionSha256);
    assert.notEqual(bytes.model.digest, usual.model.digest);
    const cosine = bytes.embeddings[0]!.reduce(
      (sum, value, at) => sum + value * usual.embeddings[0]![at]!,
      0,
    );
    assert.ok(cosine > 0.99 && cosine < 1 - 1e-9, `cosine ${cosine}`);
    const { errors } = await server.query(
      '{ embed(input: { model: "bert-tiny", sentences: ["a"], precision: int4 }) { tokens } }',
    );
    assert.match(errors![0]!.message, /"int4" does not exist in "Precision" enum/);
  });

  it('embeds to unit length unless told otherwise, and says with what', async () => {
    const sentences = ['One sentence.', 'Another, somewhat longer sentence.', ''];
    const unit = (await embed({ model: 'bert-tiny', sentences })).data.embed;
    const raw = (await embed({ model: 'bert-tiny', sentences, normalize: false })).data.embed;
    assert.deepEqual([unit.embeddings.length, unit.embeddings[0]!.length], [3, unit.dimensions]);
    assert.equal(unit.model.normalized, true);
    assert.match(unit.model.weightsSha256, /^[0-9a-f]{64}$/);
    for (const [index, vector] of unit.embeddings.entries()) {
      const length = Math.hypot(...raw.embeddings[index]!);
      assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-6);
      assert.ok(
        vector.every((value, place) => Math.abs(value * length - raw.embeddings[index]![place]!) < 1e-6),
      );
    }
    assert.ok(Object.values(unit.timings).every((milliseconds) => milliseconds >= 0));
  });

  it('gives a sentence its own embedding whatever comes with it', async () => {
    const alone = (await embed({ model: 'bert-tiny', sentences: ['The same.'] })).data.embed;
    const among = (
      await embed({
        model: 'bert-tiny',
        sentences: ['A', 'The same.', 'A much longer one, to pad the others.'],
      })
    ).data.embed;
    const [expected] = alone.embeddings;
    assert.ok(among.embeddings[1]!.every((value, index) => Math.abs(value - expected![index]!) < 1e-6));
  });

  it('answers queries that come together', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        embed({ model: 'bert-tiny', sentences: [`sentence ${index % 2}`] }),
      ),
    );
    assert.equal(new Set(answers.map(({ data }) => JSON.stringify(data.embed.embeddings))).size, 2);
  });

  const id = randomUUID();
  for (const [what, input, path, code] of [
    ['neither a model nor a run', { sentences: ['a'] }, 'model', 'BAD_USER_INPUT'],
    ['both a model and a run', { sentences: ['a'], model: 'bert-tiny', run: id }, 'model', 'BAD_USER_INPUT'],
    ['no sentences', { sentences: [], model: 'bert-tiny' }, 'sentences', 'BAD_USER_INPUT'],
    [
      'too many sentences',
      { sentences: Array.from({ length: 2049 }, () => 'a'), model: 'bert-tiny' },
      'sentences',
      'BAD_USER_INPUT',
    ],
    [
      'a length without room for a token',
      { sentences: ['a'], model: 'bert-tiny', maxLength: 1 },
      'maxLength',
      'BAD_USER_INPUT',
    ],
    ['a model that is a path', { sentences: ['a'], model: '/etc' }, 'model', 'BAD_USER_INPUT'],
    ['a run that does not exist', { sentences: ['a'], run: id }, 'run', 'NOT_FOUND'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { errors } = await embed(input);
      assert.deepEqual(errors?.[0]?.extensions, { code, path });
    });
  }

  it('says that a run has no weights yet', async () => {
    const run = await insertRun(server.database, { state: 'RUNNING' });
    const { errors } = await embed({ sentences: ['a'], run: run.id });
    assert.deepEqual(errors?.[0]?.extensions, { code: 'CONFLICT', path: 'run' });
  });

  it('tells nothing of where files lie', async () => {
    const { errors } = await embed({ sentences: ['a'], model: 'nobody/nothing' });
    const { cacheFolder, modelsFolder, dataFolder } = server.config;
    for (const folder of [cacheFolder, modelsFolder, dataFolder]) {
      assert.ok(!JSON.stringify(errors).includes(folder), JSON.stringify(errors));
    }
  });
});
