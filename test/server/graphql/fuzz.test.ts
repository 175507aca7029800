import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type GraphQLSchema } from 'graphql';
import { createToken } from '../../../server/auth/createToken.js';
import { buildFrostlineSchema } from '../../../server/graphql/schema.js';
import { sampleDefinition, sampleRowInputs } from '../../support/factories.js';
import { randomOperation } from '../../support/randomOperation.js';
import { createWorld } from '../../support/runWorld.js';
import { useServer } from '../../support/server.js';

interface Answer {
  data?: unknown;
  errors?: { message: string; extensions?: { code?: string } }[];
}

const publicCodes = new Set([
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'CONFLICT',
  'UNAVAILABLE',
  'OVERLOADED',
  'CORRUPT',
  'LIMIT_EXCEEDED',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
]);

describe('the API, whatever it is sent', () => {
  const server = useServer();
  let schema: GraphQLSchema;
  let token = '';
  let known: string[] = [];

  before(async () => {
    schema = await buildFrostlineSchema();
    const world = await createWorld(server.database);
    const send = async (query: string, input: object): Promise<void> => {
      const { errors } = await server.query(query, { input });
      assert.equal(errors, undefined, JSON.stringify(errors));
    };
    await send('mutation($input: CreateDatasetInput!) { createDataset(input: $input) { created } }', {
      name: 'sample',
      rows: sampleRowInputs,
    });
    await send(
      'mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { experiment { id } } }',
      {
        name: 'main',
        definition: sampleDefinition(),
      },
    );
    token = (await createToken(server.database, { name: 'fuzz', role: 'ADMIN' })).secret;
    await server.services.tokens.refresh();
    known = [
      ...world.slice(0, 4).map(({ run }) => run.id),
      ...[
        'sample',
        'main',
        'Alpha',
        'bert-tiny',
        'train/loss',
        'topic',
        'training.learningRate',
        'metric.loss > 1',
      ],
    ];
  });

  /** Sends a body and holds the answer to what is promised of every answer. */
  async function send(
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body,
    });
    const text = await response.text();
    assert.ok(response.status < 500, `${response.status} ${text} ${server.logged.at(-1)}`);
    const answer = JSON.parse(text) as Answer;
    for (const { message, extensions } of answer.errors ?? []) {
      assert.ok(publicCodes.has(String(extensions?.code)), `${text} ${server.logged.at(-1)}`);
      assert.ok(message.length <= 4_000, `${message.length} characters`);
      assert.doesNotMatch(message, /node_modules|\.ts:|prisma\.|ECONN|at \w+ \(/);
    }
    return answer;
  }

  it('answers every operation of the schema with data, or says what is wrong with it', async () => {
    await fc.assert(
      fc.asyncProperty(randomOperation(schema, known), async (operation) => {
        await send(JSON.stringify(operation));
      }),
      { numRuns: 1_000, endOnFailure: true },
    );
  });

  it('says what is wrong with documents that are none', async () => {
    const words = fc.constantFrom(
      ...'{ } ( ) [ ] : ! | & = @ $ ... "" """ # 1 -0 1e999 on query mutation fragment runs'.split(' '),
    );
    const documents = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc
        .array(fc.oneof(words, fc.constantFrom('id', '__typename', 'A', 'true', 'null', '\u0000')), {
          maxLength: 60,
        })
        .map((list) => list.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(documents, async (query) => {
        await send(JSON.stringify({ query }));
      }),
      { numRuns: 500 },
    );
  });

  it('says what is wrong with bodies that are none', async () => {
    const bodies = fc.oneof(
      fc.json({ maxDepth: 3 }),
      fc
        .record(
          {
            query: fc.jsonValue(),
            variables: fc.jsonValue(),
            operationName: fc.jsonValue(),
            extensions: fc.jsonValue(),
          },
          { requiredKeys: [] },
        )
        .map((json) => JSON.stringify(json)),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        await send(body);
      }),
      { numRuns: 500 },
    );
    await send(new Uint8Array([0xff, 0xfe, 0x00]));
    await send(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    const nested = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    await send(`{"query":"{ viewer { name } }","variables":${nested}}`);
    const rules = `{"name":"nested","definition":${nested}}`;
    const create =
      'mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { experiment { id } } }';
    await send(`{"query":"${create}","variables":{"input":${rules}}}`);
    await send('{"query":"{ viewer { name } }"}', { 'content-type': 'application/json; charset=klingon' });
    await send('{"query":"{ viewer { name } }"}', { 'content-encoding': 'gzip' });
    await send('{"query":"{ viewer { name } }"}', { 'content-encoding': 'zip' });
    // Sixteen megabytes and more, in sixteen kilobytes.
    await send(new Uint8Array(gzipSync(Buffer.alloc(20_000_000, 0x20))), { 'content-encoding': 'gzip' });
  });

  it('answers every other route that takes a body, or says what is wrong with it', async () => {
    const routes = server.routes.filter((route) => route.startsWith('POST ') && route !== 'POST /graphql');
    assert.ok(routes.includes('POST /v1/embeddings'));
    const names = fc.constantFrom(
      'model',
      'input',
      'inputs',
      'token',
      'dimensions',
      'encoding_format',
      'truncate',
    );
    const bodies = fc.oneof(
      fc.json({ maxDepth: 3 }),
      fc
        .dictionary(
          names,
          fc.oneof(
            fc.jsonValue({ maxDepth: 2 }),
            fc.constantFrom('bert-tiny', '../x', '\0', '\ud800', [''], [[1]]),
          ),
        )
        .map((json) => JSON.stringify(json)),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), bodies, async (route, body) => {
        const response = await fetch(server.url + route.slice('POST '.length).replace(/[:*]\w+/g, 'x'), {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body,
        });
        const text = await response.text();
        assert.ok(response.status < 500, `${route}: ${response.status} ${text} ${server.logged.at(-1)}`);
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });

  it('gives documents up that are made to be slow to check', async () => {
    const times = (count: number, text: (index: number) => string) =>
      Array.from({ length: count }, (_, index) => text(index)).join(' ');
    for (const query of [
      `{ ${'runs { edges { node { '.repeat(300)} id ${'} } } '.repeat(300)} }`,
      `{ ${times(1_200, (index) => `a${index % 40}: viewer { name }`)} }`,
      `{ ${times(400, () => 'runs { edges { node { id name } } }')} }`,
      `{ ${'...A '.repeat(400)} } ${times(100, (index) => `fragment ${index === 0 ? 'A' : `F${index}`} on Query { ...F${index + 1} ...F${index + 1} }`)} fragment F100 on Query { viewer { name } }`,
      `query (${times(900, (index) => `$v${index}: Int`)}) { viewer { name } }`,
      `{ runs(where: ${'{ not: '.repeat(900)}{}${'}'.repeat(900)}) { totalCount } }`,
      `{ runs(where: { or: [${times(300, () => '{ not: {} }')}] }) { totalCount } }`,
      `{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }`,
      `{ ${times(20, (index) => `a${index}: __schema { types { name fields { name type { name } } } }`)} }`,
      `{ runs(query: "${'('.repeat(4_000)}") { totalCount } }`,
      `{ runs(query: "${'not '.repeat(2_000)}tag = 1") { totalCount } }`,
      `{ runs(query: "${'tag = 1 or '.repeat(800)}tag = 1") { totalCount } }`,
    ])
      await send(JSON.stringify({ query }));
  });
});
