import assert from 'node:assert/strict';
import { type DatasetRow, makeDataset } from '../../../experiments/data/dataset.js';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { useServer } from '../../support/server.js';
import { subscribe } from '../../support/subscribe.js';
import { until } from '../../support/until.js';
import { startWorker } from '../../support/workerProcess.js';

interface VectorSetAnswer {
  id: string;
  dataset: string;
  state: string;
  rowCount: number;
  rowsStored: number;
  progress: number;
  neighbours: boolean;
  indexed: boolean;
  dimensions: number;
  error: { code: string } | null;
  model: { model: string; digest: string; normalized: boolean };
}
interface Row {
  index: number;
  sentence: string;
  split: string;
  labels: { task: string; label: string }[];
}

const SET = `fragment All on VectorSet { id dataset state rowCount rowsStored progress neighbours indexed dimensions
  error { code } model { model digest normalized } }`;

/** Sentences on two topics; two say nearly the same in different splits, and one carries the wrong label. */
const rows: DatasetRow[] = [
  ...[
    'the cat',
    'a cat and a dog',
    'the dog and the cat',
    'my cat',
    'a dog',
    'his dog and her cat',
    'cats',
    'dogs',
  ].map((sentence): DatasetRow => ({ sentence, split: 'train', labels: { topic: 'animals' } })),
  ...[
    '2 + 2 = 4',
    '3 + 4 = 7',
    '12 - 5 = 7',
    '9 * 9 = 81',
    '1 + 1 = 2',
    '6 / 3 = 2',
    '8 - 7 = 1',
    '5 * 5 = 25',
  ].map((sentence): DatasetRow => ({ sentence, split: 'train', labels: { topic: 'sums' } })),
  { sentence: 'the cat', split: 'test', labels: { topic: 'sums' } },
  { sentence: 'nothing is known of this', split: 'validation', labels: {} },
];

describe('vectors of a dataset', () => {
  const server = useServer();
  before(async () => {
    await createDataset(server.database, 'topics', makeDataset(rows, ['topic']));
    await startWorker(server.config, server.database);
  });

  const model = 'bert-tiny';
  const build = async (input: object): Promise<VectorSetAnswer> => {
    const { data, errors } = await server.query<{ buildVectors: { vectorSet: VectorSetAnswer } }>(
      `mutation ($input: BuildVectorsInput!) { buildVectors(input: $input) { vectorSet { ...All } } } ${SET}`,
      { input },
    );
    assert.equal(errors, undefined);
    return data.buildVectors.vectorSet;
  };
  const list = async (dataset: string): Promise<VectorSetAnswer[]> =>
    (
      await server.query<{ vectorSets: VectorSetAnswer[] }>(
        `query ($dataset: String!) { vectorSets(dataset: $dataset) { ...All } } ${SET}`,
        { dataset },
      )
    ).data.vectorSets;
  const built = async (input: {
    dataset: string;
    model: string;
    neighbours?: boolean;
  }): Promise<VectorSetAnswer> => {
    const { id } = await build(input);
    const find = async () => (await list(input.dataset)).find((set) => set.id === id)!;
    await until(async () => ['FINISHED', 'FAILED'].includes((await find()).state));
    return find();
  };
  const similar = (input: object) =>
    server.query<{ similar: (Row & { score: number })[] }>(
      `query ($input: SimilarInput!) { similar(input: $input) { index sentence split labels { task label } score } }`,
      { input: { dataset: 'topics', model, ...input } },
    );

  it('says that there are none, and what makes them', async () => {
    const { errors } = await similar({ sentence: 'the cat' });
    assert.deepEqual(errors?.[0]?.extensions, { code: 'CONFLICT', path: 'dataset' });
    assert.match(
      errors[0].message,
      /topics@1 has no vectors by this model in float32 of at most \d+ tokens; buildVectors makes them/,
    );
  });

  it('tell a subscriber when they are queued and when they are there', async () => {
    await createDataset(server.database, 'watched', makeDataset(rows.slice(0, 6), ['topic']));
    const { id } = await build({ dataset: 'watched', model, neighbours: false });
    const watching = subscribe<{ vectorsChanged: VectorSetAnswer }>(
      server.url,
      `subscription ($id: ID!) { vectorsChanged(id: $id) { ...All } } ${SET}`,
      { id },
    );
    const { vectorsChanged } = await watching.until(({ vectorsChanged: set }) => set.state === 'FINISHED');
    assert.deepEqual([vectorsChanged.id, vectorsChanged.rowsStored], [id, 6]);
    await watching.close();
    const unknown = subscribe(server.url, 'subscription { vectorsChanged(id: "nobody") { id } }');
    await until(() => Promise.resolve(unknown.errors.length > 0));
    assert.match(JSON.stringify(unknown.errors), /NOT_FOUND/);
    await unknown.close();
  });

  it('are built by a worker, without neighbours first, and not twice', async () => {
    const set = await built({ dataset: 'topics', model, neighbours: false });
    assert.deepEqual(
      { ...set, id: null, model: set.model.model },
      {
        id: null,
        dataset: 'topics@1',
        state: 'FINISHED',
        rowCount: 18,
        rowsStored: 18,
        progress: 1,
        neighbours: false,
        indexed: false,
        dimensions: 32,
        error: null,
        model,
      },
    );
    const again = await build({ dataset: 'topics@1', model, neighbours: false });
    assert.equal(again.id, set.id);
    const { rows: tasks } = await server.database.pool.query(
      "SELECT 1 FROM worker_task WHERE kind = 'vectors' AND input->>'vectorSetId' = $1",
      [set.id],
    );
    assert.equal(tasks.length, 1);
    const { errors } = await server.query(
      `{ labelErrors(input: { dataset: "topics", model: "${model}", task: "topic" }) { total } }`,
    );
    assert.match(errors![0]!.message, /buildVectors with neighbours/);
    const whole = await built({ dataset: 'topics', model });
    assert.deepEqual([whole.id, whole.neighbours], [set.id, true]);
  });

  it('find the most similar rows, with cosines that embeddings have', async () => {
    const { data } = await similar({ sentence: 'the cat', k: 3 });
    const hits = data.similar;
    assert.deepEqual(
      hits.slice(0, 2).map(({ index, sentence }) => [index, sentence]),
      [
        [0, 'the cat'],
        [16, 'the cat'],
      ],
    );
    assert.ok(Math.abs(hits[0]!.score - 1) < 1e-6);
    const { data: embedded } = await server.query<{ embed: { embeddings: number[][] } }>(
      'query ($input: EmbedInput!) { embed(input: $input) { embeddings } }',
      { input: { model, sentences: ['the cat', hits[2]!.sentence] } },
    );
    const [a, b] = embedded.embed.embeddings as [number[], number[]];
    const cosine = a.reduce((sum, value, place) => sum + value * b[place]!, 0);
    assert.ok(Math.abs(hits[2]!.score - cosine) < 1e-6);
  });

  it('keep to splits and labels', async () => {
    const ofTest = (await similar({ sentence: 'the cat', splits: ['TEST'] })).data.similar;
    assert.deepEqual(
      ofTest.map(({ index, split, labels }) => [index, split, labels[0]!.label]),
      [[16, 'TEST', 'sums']],
    );
    const sums = (await similar({ sentence: 'the cat', k: 50, labels: [{ task: 'topic', anyOf: ['sums'] }] }))
      .data;
    assert.equal(sums.similar.length, 9);
    assert.ok(sums.similar.every(({ labels }) => labels[0]!.label === 'sums'));
    for (const [input, path] of [
      [{ labels: [{ task: 'mood', anyOf: [] }] }, 'labels.0.task'],
      [{ labels: [{ task: 'topic', anyOf: ['plants'] }] }, 'labels.0.anyOf'],
      [{ k: 0 }, 'k'],
      [{ dataset: 'nothing' }, 'dataset'],
    ] as const) {
      const { errors } = await similar({ sentence: 'the cat', ...input });
      assert.deepEqual(errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path });
    }
  });

  it('tell pairs that are nearly the same, whether they leak and what they contradict', async () => {
    const { data, errors } = await server.query<{
      nearDuplicates: {
        total: number;
        pairs: {
          first: Row;
          second: Row;
          score: number;
          crossesSplits: boolean;
          conflictingTasks: string[];
        }[];
      };
    }>(
      `{ nearDuplicates(input: { dataset: "topics", model: "${model}", threshold: 0.999999 }) { total pairs {
         first { index sentence } second { index sentence } score crossesSplits conflictingTasks } } }`,
    );
    assert.equal(errors, undefined);
    assert.equal(data.nearDuplicates.total, 1);
    const [pair] = data.nearDuplicates.pairs;
    assert.deepEqual(
      [pair!.first.index, pair!.second.index, pair!.crossesSplits, pair!.conflictingTasks],
      [0, 16, true, ['topic']],
    );
  });

  it('tell labels that the neighbours speak against', async () => {
    const { data, errors } = await server.query<{
      labelErrors: {
        total: number;
        labelled: number;
        doubts: {
          row: Row;
          label: string;
          suggested: string;
          suggestedShare: number;
          ownShare: number;
          neighbours: { row: Row; score: number }[];
        }[];
      };
    }>(
      `{ labelErrors(input: { dataset: "topics", model: "${model}", task: "topic" }) { total labelled doubts {
         row { index } label suggested suggestedShare ownShare neighbours { row { index labels { label } } score } } } }`,
    );
    assert.equal(errors, undefined);
    assert.equal(data.labelErrors.labelled, 17);
    for (const { label, suggested, suggestedShare, ownShare, neighbours, row } of data.labelErrors.doubts) {
      assert.notEqual(label, suggested);
      assert.ok(suggestedShare > ownShare && suggestedShare <= 1 && ownShare >= 0);
      assert.ok(neighbours.length >= 3 && neighbours.every((other) => other.row.index !== row.index));
      const weight = (wanted: string): number =>
        neighbours
          .filter((other) => other.row.labels[0]!.label === wanted)
          .reduce((sum, { score }) => sum + Math.max(0, score), 0);
      const all = neighbours.reduce((sum, { score }) => sum + Math.max(0, score), 0);
      assert.ok(Math.abs(weight(suggested) / all - suggestedShare) < 1e-6);
    }
  });

  it('are apart for another length, and gone when they are deleted, with their bytes', async () => {
    const short = await built({ dataset: 'topics', model, ...{ maxLength: 4 } });
    const sets = await list('topics');
    assert.equal(sets.length, 2);
    assert.notEqual(sets[0]!.model.digest, sets[1]!.model.digest);
    const { chunks, neighboursSha256 } = await server.database.prisma.vectorSet.findUniqueOrThrow({
      where: { id: short.id },
      include: { chunks: true },
    });
    const gone = await server.query(`mutation { deleteVectors(input: { id: "${short.id}" }) { id } }`);
    assert.equal(gone.errors, undefined);
    for (const sha256 of [neighboursSha256!, ...chunks.map((chunk) => chunk.sha256)]) {
      assert.equal(await server.services.blobs.has(sha256), false);
      assert.equal(await server.database.prisma.blob.findUnique({ where: { sha256 } }), null);
    }
    const again = await server.query(`mutation { deleteVectors(input: { id: "${short.id}" }) { id } }`);
    assert.deepEqual(again.errors?.[0]?.extensions, { code: 'NOT_FOUND', path: 'id' });
  });
});
