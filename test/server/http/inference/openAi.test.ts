import assert from 'node:assert/strict';
import OpenAI, { APIError } from 'openai';
import { createToken } from '../../../../server/auth/createToken.js';
import { useServer } from '../../../support/server.js';
import { until } from '../../../support/until.js';

describe('the OpenAI client of npm', () => {
  const server = useServer();
  let client: OpenAI;
  before(() => {
    client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
  });
  const model = 'bert-tiny';
  const refusal = async (body: object): Promise<APIError> => {
    const asked = client.embeddings.create(body as OpenAI.EmbeddingCreateParams);
    try {
      await asked;
    } catch (error) {
      assert.ok(error instanceof APIError, String(error));
      return error;
    }
    return assert.fail('it was answered');
  };
  const post = (body: string, type = 'application/json') =>
    fetch(`${server.url}/v1/embeddings`, { method: 'POST', headers: { 'content-type': type }, body });

  it('gets the embedding of a string, of several and of token ids, with the tokens that were read', async () => {
    const one = await client.embeddings.create({ model, input: 'a sentence of words' });
    const several = await client.embeddings.create({ model, input: ['another', 'a sentence of words'] });
    assert.deepEqual([one.object, one.model, one.data.length, one.data[0]!.index], ['list', model, 1, 0]);
    assert.equal(one.data[0]!.embedding.length, 32);
    assert.deepEqual(several.data[1]!.embedding, one.data[0]!.embedding);
    assert.ok(one.usage.prompt_tokens > 4 && one.usage.total_tokens === one.usage.prompt_tokens);
    const tokens = await client.embeddings.create({ model, input: [5, 6, 7] });
    const lists = await client.embeddings.create({
      model,
      input: [
        [8, 9],
        [5, 6, 7],
      ],
    });
    assert.deepEqual(lists.data[1]!.embedding, tokens.data[0]!.embedding);
    assert.equal(tokens.usage.prompt_tokens, 5);
  });

  it('gets numbers and base64 of the same bits', async () => {
    const input = ['One.', 'Two, and longer.'];
    const floats = await client.embeddings.create({ model, input, encoding_format: 'float' });
    const coded = await client.embeddings.create({ model, input, encoding_format: 'base64' });
    for (const [row, { embedding }] of coded.data.entries()) {
      const bytes = Buffer.from(embedding as unknown as string, 'base64');
      const decoded = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
      assert.deepEqual([...decoded], floats.data[row]!.embedding);
      assert.ok(Math.abs(Math.hypot(...decoded) - 1) < 1e-6);
    }
  });

  it('is told in the headers what computed and where the time went', async () => {
    const { response } = await client.embeddings.create({ model, input: 'a' }).withResponse();
    assert.match(response.headers.get('x-frostline-digest')!, /^[0-9a-f]{64}$/);
    assert.match(
      response.headers.get('server-timing')!,
      /^tokenize;dur=[\d.]+, queue;dur=[\d.]+, inference;dur=[\d.]+$/,
    );
  });

  it('computes in another precision where one is named', async () => {
    const params = { model, input: 'a', precision: 'int8' };
    const { data, response } = await client.embeddings.create(params).withResponse();
    const usual = await client.embeddings.create({ model, input: 'a' }).withResponse();
    assert.deepEqual(
      [response, usual.response].map(({ headers }) => headers.get('x-frostline-precision')),
      ['int8', 'float32'],
    );
    assert.notEqual(
      response.headers.get('x-frostline-digest'),
      usual.response.headers.get('x-frostline-digest'),
    );
    const tei = await fetch(`${server.url}/embed?model=${model}&precision=int8`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: 'a' }),
    });
    assert.deepEqual(await tei.json(), [data.data[0]!.embedding]);
  });

  it('takes the size that the model has, and is refused any other', async () => {
    await client.embeddings.create({ model, input: 'a', dimensions: 32 });
    const error = await refusal({ model, input: 'a', dimensions: 16 });
    assert.deepEqual([error.status, error.param], [400, 'dimensions']);
    assert.match(error.message, /expected 32/);
  });

  for (const [what, body, status, param, code] of [
    ['no input', { model }, 400, 'input', null],
    ['an empty list', { model, input: [] }, 400, 'input', null],
    ['numbers that are no token ids', { model, input: [5, 99_999] }, 400, 'input.0', null],
    ['too many inputs', { model, input: Array.from({ length: 2_049 }, () => 'a') }, 400, 'input', null],
    ['no model', { input: 'a' }, 400, 'model', null],
    ['another precision', { model, input: 'a', precision: 'int4' }, 400, 'precision', null],
    ['another format', { model, input: 'a', encoding_format: 'hex' }, 400, 'encoding_format', null],
    ['a model that is not there', { model: 'nobody/nothing', input: 'a' }, 404, 'model', 'model_not_found'],
    ['an alias that is not there', { model: 'news@production', input: 'a' }, 404, 'model', 'model_not_found'],
    ['a model that is a path', { model: '/etc', input: 'a' }, 404, 'model', 'model_not_found'],
  ] as const) {
    it(`is refused ${what} in OpenAI's form`, async () => {
      const error = await refusal(body);
      assert.deepEqual(
        [error.status, error.type, error.param, error.code],
        [status, 'invalid_request_error', param, code],
      );
    });
  }

  it('is told what was expected, and what came instead', async () => {
    for (const [input, message] of [
      [Array.from({ length: 2_049 }, () => 'a'), /expected .* 1 to 2048 strings, .*, got a list of 2049$/],
      [[[]], /input\.0: expected token ids, got an empty list$/],
      [[-1], /expected token ids from 0 to \d+, got -1$/],
    ] as const)
      assert.match((await refusal({ model, input })).message, message);
  });

  it('lists and finds models', async () => {
    const ids: string[] = [];
    for await (const { id, object } of client.models.list()) {
      assert.equal(object, 'model');
      ids.push(id);
    }
    assert.ok(ids.includes('bert-tiny') && ids.includes('distilbert-tiny'));
    assert.equal((await client.models.retrieve('bert-tiny')).id, 'bert-tiny');
    await assert.rejects(client.models.retrieve('nobody/nothing'), { status: 404, code: 'model_not_found' });
  });

  it('gets errors in this form for bodies that are no JSON and paths that are not there', async () => {
    const broken = await post('{"model":');
    assert.equal(broken.status, 400);
    assert.equal(((await broken.json()) as { error: { type: string } }).error.type, 'invalid_request_error');
    assert.equal((await post('{}', 'application/xml')).status, 400);
    const asForm = await post('{}', 'text/plain');
    assert.equal(asForm.status, 415);
    assert.equal(((await asForm.json()) as { error: { type: string } }).error.type, 'invalid_request_error');
    for (const asked of [client.chat.completions.create({ model, messages: [] }), client.files.list()])
      await assert.rejects(asked, { status: 404, type: 'invalid_request_error', code: 'not_found' });
  });

  it('is refused as a page of another origin', async () => {
    const response = await fetch(`${server.url}/v1/embeddings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
      body: JSON.stringify({ model, input: 'a' }),
    });
    assert.equal(response.status, 403);
  });
});

describe('the OpenAI client of npm, where tokens are needed', () => {
  const server = useServer();

  it('shows its key as a token, and is told in its form when that is not one', async () => {
    const { secret } = await createToken(server.database, { name: 'program', role: 'ADMIN' });
    await server.services.tokens.refresh();
    const withKey = (apiKey: string): OpenAI =>
      new OpenAI({ baseURL: `${server.url}/v1`, apiKey, maxRetries: 0 });
    const asked = { model: 'bert-tiny', input: 'a' };
    assert.equal((await withKey(secret).embeddings.create(asked)).data.length, 1);
    await assert.rejects(withKey('sk-another').embeddings.create(asked), {
      status: 401,
      code: 'invalid_api_key',
      type: 'invalid_request_error',
    });
  });
});

describe('a client that hangs up', () => {
  const server = useServer();

  it('ends the work for it, and is no error in the log', async () => {
    const { embeddings } = server.services;
    const embed = embeddings.embed.bind(embeddings);
    let work: Promise<unknown> | undefined;
    Object.assign(embeddings, {
      embed: (...asked: Parameters<typeof embed>) => {
        const answer = embed(...asked);
        work ??= answer;
        return answer;
      },
    });
    for (const [path, body] of [
      ['/v1/embeddings', { input: Array.from({ length: 2_000 }, (_, index) => `sentence ${index}`) }],
      ['/embed', { inputs: Array.from({ length: 2_000 }, (_, index) => `sentence ${index}`) }],
    ] as const) {
      work = undefined;
      const controller = new AbortController();
      const answer = fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'bert-tiny', ...body }),
        signal: controller.signal,
      });
      answer.catch(() => {});
      await until(() => work !== undefined);
      controller.abort();
      await assert.rejects(work!, { code: 'CANCELLED' });
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(server.logged, []);
    }
  });
});

describe('more requests than may wait', () => {
  const server = useServer({ FROSTLINE_QUEUE_SENTENCES: '4' });
  const busy = Array.from({ length: 2_000 }, (_, index) => `a sentence, number ${index}`);

  it('are refused with 429 and the time to come back, and coded in GraphQL', async () => {
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
    // The process that holds the models starts with this, which takes longer than to be refused.
    const large = server.services.embeddings.embed({ model: 'bert-tiny', sentences: busy });
    await new Promise((resolve) => setImmediate(resolve));
    const answers = await Promise.allSettled([
      client.embeddings.create({ model: 'bert-tiny', input: ['a', 'b', 'c', 'd', 'e'] }),
      fetch(`${server.url}/embed`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'bert-tiny', inputs: ['a', 'b', 'c', 'd', 'e'] }),
      }),
      server.query(
        '{ embed(input: { model: "bert-tiny", sentences: ["a", "b", "c", "d", "e"] }) { tokens } }',
      ),
    ]);
    const [openAi, tei, graphQL] = answers;
    assert.ok(openAi.status === 'rejected' && openAi.reason instanceof APIError);
    assert.equal(openAi.reason.status, 429);
    assert.ok(Number(openAi.reason.headers?.get('retry-after')) >= 1);
    assert.equal(openAi.reason.code, 'rate_limit_exceeded');
    assert.ok(tei.status === 'fulfilled' && tei.value.status === 429);
    assert.ok(Number(tei.value.headers.get('retry-after')) >= 1);
    assert.equal(((await tei.value.json()) as { error_type: string }).error_type, 'Overloaded');
    assert.ok(graphQL.status === 'fulfilled');
    const { code, retryAfterSeconds } = graphQL.value.errors![0]!.extensions as {
      code: string;
      retryAfterSeconds?: number;
    };
    assert.deepEqual([code, retryAfterSeconds! >= 1], ['OVERLOADED', true]);
    assert.equal((await large).vectors.length, 2_000 * 32);
  });
});
