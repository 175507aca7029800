import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createToken } from '../../../server/auth/createToken.js';
import { sampleDefinition, sampleRowInputs } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

/** Everything here would be taken if it were opened: a model, a dataset, weights, and a server that notes who comes. */
describe('paths and addresses that clients send', () => {
  const server = useServer();
  let folder = '';
  let listener: Server;
  const visits: string[] = [];
  let places: string[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'frostline-paths-'));
    const model = fileURLToPath(new URL('../../fixtures/models/bert-tiny', import.meta.url));
    cpSync(model, join(folder, 'model'), { recursive: true });
    writeFileSync(join(folder, 'rows.csv'), 'sentence,topic\nOne.,a\nTwo.,b\n');
    listener = createServer((request, response) => {
      visits.push(request.url!);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as { port: number };
    await server.query('mutation($input: CreateDatasetInput!) { createDataset(input: $input) { created } }', {
      input: { name: 'sample', rows: sampleRowInputs },
    });
    const at = join(folder, 'model');
    const fromModels = relative(server.config.modelsFolder, at);
    places = [
      at,
      join(folder, 'rows.csv'),
      join(at, 'model.safetensors'),
      fromModels,
      relative(process.cwd(), at),
      `./${fromModels}`,
      `bert-tiny/../${fromModels}`,
      `bert-tiny/../bert-tiny`,
      'bert-tiny/.',
      '.',
      '..',
      `file://${at}`,
      `http://127.0.0.1:${port}/model`,
      `//127.0.0.1:${port}/model`,
      `127.0.0.1:${port}/model`,
      `bert-tiny?x=http://127.0.0.1:${port}/`,
      `%2e%2e/${fromModels}`,
      at.replaceAll('/', '\\'),
      '~/model',
      '/proc/self/environ',
    ];
  });
  after(() => {
    listener.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function assertRefused(query: string, variables: object, place: string): Promise<void> {
    const { data, errors } = await server.query(query, variables);
    const code = errors?.[0]?.extensions.code;
    assert.ok(code === 'BAD_USER_INPUT' || code === 'NOT_FOUND', `${place}: ${code} ${JSON.stringify(data)}`);
    // Nor does the answer tell where things lie, beyond what was sent.
    for (const own of [server.config.modelsFolder, server.config.cacheFolder, server.config.dataFolder])
      if (!place.includes(own)) assert.ok(!JSON.stringify(errors).includes(own), JSON.stringify(errors));
  }

  it('are no models', async () => {
    for (const place of places) {
      await assertRefused('query ($m: String!) { modelLayout(model: $m) { blocks } }', { m: place }, place);
      await assertRefused(
        'query ($input: EmbedInput!) { embed(input: $input) { dimensions } }',
        { input: { model: place, sentences: ['One.'] } },
        place,
      );
      const response = await fetch(`${server.url}/v1/embeddings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: place, input: 'One.' }),
      });
      assert.ok([400, 404].includes(response.status), `${place}: ${response.status}`);
    }
  });

  it('are neither models, nor datasets, nor weights of a definition', async () => {
    const create = `mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { experiment { id } } }`;
    for (const place of places) {
      for (const part of ['model', 'dataset', 'initialWeights']) {
        const definition = sampleDefinition({ [part]: place });
        await assertRefused(create, { input: { name: 'paths', definition } }, place);
      }
      const swept = sampleDefinition({ sweep: { model: [place, 'bert-tiny'] } });
      await assertRefused(create, { input: { name: 'paths', definition: swept } }, place);
    }
    assert.equal(await server.database.prisma.experiment.count(), 0);
  });

  it('are not visited', () => {
    assert.deepEqual(visits, []);
  });
});

describe('models that are not on the server', () => {
  let visits = 0;
  const hub = createServer((_request, response) => {
    visits += 1;
    response.writeHead(404).end();
  });
  const env: Record<string, string> = { FROSTLINE_OFFLINE: '' };
  before(async () => {
    hub.listen(0, '127.0.0.1');
    await once(hub, 'listening');
    env.HF_ENDPOINT = `http://127.0.0.1:${(hub.address() as { port: number }).port}`;
  });
  after(() => {
    hub.close();
  });
  // After the hub, whose address it is told.
  const server = useServer(env);

  it('are fetched for who may edit, and for nobody else', async () => {
    const { database, services } = server;
    const admin = (await createToken(database, { name: 'admin', role: 'ADMIN' })).secret;
    const viewer = (await createToken(database, { name: 'viewer', role: 'VIEWER' })).secret;
    await services.tokens.refresh();
    const model = 'someone/large';
    const layout = 'query ($model: String!) { modelLayout(model: $model) { blocks } }';
    const embed = 'query ($input: EmbedInput!) { embed(input: $input) { dimensions } }';
    const asked = { input: { model, sentences: ['One.'] } };
    for (const [query, variables] of [
      [layout, { model }],
      [embed, asked],
    ] as const) {
      const { errors } = await server.query(query, variables, viewer);
      assert.deepEqual(
        [errors?.[0]?.extensions.code, errors?.[0]?.message],
        ['FORBIDDEN', 'model: someone/large is not on this server yet: whoever may edit can have it fetched'],
      );
    }
    for (const path of ['/v1/embeddings', '/embed']) {
      const response = await fetch(server.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${viewer}` },
        body: JSON.stringify({ model, input: 'One.', inputs: 'One.' }),
      });
      assert.equal(response.status, 403, await response.text());
    }
    assert.equal(visits, 0);
    const here = await server.query<{ modelLayout: { blocks: number } }>(
      layout,
      { model: 'bert-tiny' },
      viewer,
    );
    assert.ok(here.data.modelLayout.blocks > 0);
    const { errors } = await server.query(layout, { model }, admin);
    assert.equal(errors?.[0]?.extensions.code, 'BAD_USER_INPUT');
    assert.ok(visits > 0, 'the hub was asked');
  });
});
