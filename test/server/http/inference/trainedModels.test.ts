import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { createDataset } from '../../../../server/datasets/createDataset.js';
import { sampleDataset, sampleDefinition, sampleRows } from '../../../support/factories.js';
import { finishedRun } from '../../../support/runs.js';
import { useServer } from '../../../support/server.js';
import { startWorker, type WorkerProcess } from '../../../support/workerProcess.js';

interface Predicted {
  predict: {
    tokens: number;
    model: Record<string, string | number | null>;
    timings: Record<string, number>;
    predictions: {
      tasks: {
        task: string;
        label: string;
        scores: { label: string; logit: number; probability: number }[];
      }[];
    }[];
  };
}

describe('a trained model', () => {
  const server = useServer();
  let worker: WorkerProcess;
  let run: string;
  before(async () => {
    await createDataset(server.database, 'sample', sampleDataset());
    worker = await startWorker(server.config, server.database);
    run = await finishedRun(server, 'trained', sampleDefinition());
    await worker.kill('SIGTERM');
  });

  const sentences = sampleRows.map(({ sentence }) => sentence);
  const predict = (input: object) =>
    server.query<Predicted>(
      `query ($input: PredictInput!) { predict(input: $input) {
         tokens timings { tokenizeMs queueMs inferenceMs }
         model { model run registered checkpointSha256 weightsSha256 backboneSha256 tokenizerSha256 maxLength device digest }
         predictions { tasks { task label scores { label logit probability } } }
       } }`,
      { input },
    );
  const post = async (path: string, body: object): Promise<{ status: number; body: never }> => {
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as never };
  };

  it('predicts every task, with probabilities, and says what computed', async () => {
    const { data, errors } = await predict({ run, sentences });
    assert.equal(errors, undefined);
    const { predictions, model, timings } = data.predict;
    assert.equal(predictions.length, 6);
    for (const { tasks } of predictions) {
      assert.deepEqual(
        tasks.map(({ task }) => task),
        ['topic', 'sentiment'],
      );
      for (const { label, scores } of tasks) {
        const best = scores.reduce((most, score) => (score.logit > most.logit ? score : most));
        assert.equal(label, best.label);
        assert.ok(Math.abs(scores.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-9);
      }
    }
    const stored = await server.database.prisma.run.findUniqueOrThrow({
      where: { id: run },
      include: { checkpoints: true },
    });
    const { backboneSha256, tokenizerSha256 } = stored.provenance as Record<string, string>;
    assert.deepEqual(
      { ...model, device: null, digest: null },
      {
        model: 'bert-tiny',
        run,
        registered: null,
        checkpointSha256: stored.checkpoints.find(({ kind }) => kind === 'final')!.sha256,
        weightsSha256: stored.weightsSha256,
        backboneSha256,
        tokenizerSha256,
        maxLength: 32,
        device: null,
        digest: null,
      },
    );
    assert.ok(Object.values(timings).every((milliseconds) => milliseconds >= 0));
  });

  it('is found by the id of its run as a model too, and says of a sentence the same in any company', async () => {
    const together = (await predict({ model: run, sentences })).data.predict.predictions;
    for (const [row, sentence] of sentences.entries()) {
      const { data } = await predict({ model: run, sentences: [sentence] });
      assert.deepEqual(data.predict.predictions[0], together[row]);
    }
  });

  it('embeds differently from its backbone, by the OpenAI client as by GraphQL', async () => {
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
    const [ours, backbone] = await Promise.all(
      [run, 'bert-tiny'].map((model) => client.embeddings.create({ model, input: sentences[0]! })),
    );
    assert.notDeepEqual(ours!.data[0]!.embedding, backbone!.data[0]!.embedding);
    const { data } = await server.query<{ embed: { base64: string[]; embeddings: number[][] } }>(
      'query ($input: EmbedInput!) { embed(input: $input) { base64 embeddings } }',
      { input: { model: run, sentences: [sentences[0]] } },
    );
    assert.deepEqual(data.embed.embeddings[0], ours!.data[0]!.embedding);
    const bytes = Buffer.from(data.embed.base64[0]!, 'base64');
    assert.deepEqual(
      [...new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)],
      data.embed.embeddings[0],
    );
    assert.ok((await client.models.list()).data.some(({ id }) => id === run));
  });

  it('answers in the form of text-embeddings-inference', async () => {
    const { data } = await predict({ run, sentences });
    const [first] = data.predict.predictions;
    const sentiment = first!.tasks[1]!;
    const single = await post('/predict', { inputs: sentences[0], model: run, task: 'sentiment' });
    assert.equal(single.status, 200);
    const expected = [...sentiment.scores].sort((a, b) => b.probability - a.probability);
    assert.deepEqual(
      single.body,
      expected.map(({ label, probability }) => ({ score: probability, label })),
    );
    const raw = await post(`/predict?model=${run}&task=sentiment`, {
      inputs: sentences.map((sentence) => [sentence]),
      raw_scores: true,
    });
    const all = raw.body as { score: number; label: string }[][];
    assert.equal(all.length, 6);
    assert.equal(all[0]![0]!.score, Math.max(...sentiment.scores.map(({ logit }) => logit)));
    const embedded = await post('/embed', { inputs: [sentences[0]], model: run, normalize: false });
    assert.equal((embedded.body as number[][])[0]!.length, 32);
  });

  for (const [what, path, body, status, error] of [
    ['no task where there are several', '/predict', { inputs: 'a' }, 422, /expected one of topic, sentiment/],
    ['a task that is not there', '/predict', { inputs: 'a', task: 'x' }, 422, /got "x"/],
    ['a pair of sentences', '/predict', { inputs: ['a', 'b'], task: 'topic' }, 422, /pairs/],
    [
      'a sentence that is too long',
      '/embed',
      { inputs: 'a '.repeat(99), truncate: false },
      413,
      /at most 32 tokens/,
    ],
    ['nothing', '/embed', {}, 422, /inputs: expected a string/],
    ['no sentences', '/embed', { inputs: [] }, 422, /expected a string, or a list .*, got an empty list$/],
    ['a backbone to predict with', '/predict', { inputs: 'a', model: 'bert-tiny' }, 422, /trained model/],
  ] as const) {
    it(`refuses ${what} in its form`, async () => {
      const answer = await post(path, { model: run, ...body });
      const { error: text, error_type: type } = answer.body as { error: string; error_type: string };
      assert.deepEqual([answer.status, type], [status, 'Validation']);
      assert.match(text, error);
    });
  }

  it('refuses predictions of a backbone in GraphQL', async () => {
    const { errors } = await predict({ model: 'bert-tiny', sentences: ['a'] });
    assert.deepEqual(errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path: 'model' });
  });
});
