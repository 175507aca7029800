import assert from 'node:assert/strict';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { makeDataset } from '../../../experiments/data/dataset.js';
import { ModelUsage } from '../../../server/models/registry/modelUsage.js';
import { resolveModelReference } from '../../../server/models/registry/resolveModelReference.js';
import { removeCheckpoints } from '../../../server/runs/removeCheckpoints.js';
import { runCli } from '../../support/cli.js';
import { insertRun, sampleDefinition, sampleRows } from '../../support/factories.js';
import { finishedRun } from '../../support/runs.js';
import { useServer } from '../../support/server.js';
import { startWorker } from '../../support/workerProcess.js';

const MODEL = `fragment All on RegisteredModel {
  name description gate { metric dataset split tolerance }
  versions { version reference note checkpointSha256 aliases run { id } evaluations { dataset split task labelled accuracy } }
  aliases { name version }
  history { alias fromVersion toVersion forced reason gate { metric dataset split candidate current passed problem } }
}`;

interface ModelAnswer {
  name: string;
  description: string | null;
  gate: { metric: string; dataset: string; split: string; tolerance: number } | null;
  versions: {
    version: number;
    reference: string;
    note: string | null;
    checkpointSha256: string;
    aliases: string[];
    run: { id: string };
    evaluations: { dataset: string; split: string; task: string; labelled: number; accuracy: number }[];
  }[];
  aliases: { name: string; version: number }[];
  history: {
    alias: string;
    fromVersion: number | null;
    toVersion: number | null;
    forced: boolean;
    reason: string | null;
    gate: {
      candidate: number | null;
      current: number | null;
      passed: boolean;
      problem: string | null;
    } | null;
  }[];
}

describe('the model registry', () => {
  const server = useServer();
  let trained: string;
  let untrained: string;
  let other: string;
  before(async () => {
    const rows = [...sampleRows, ...sampleRows.map((row) => ({ ...row, split: 'test' as const }))];
    await createDataset(server.database, 'sample', makeDataset(rows, ['topic', 'sentiment']));
    await startWorker(server.config, server.database);
    const training = { epochs: 20, batchSize: 6, learningRate: 5e-3, dropout: 0, maxLength: 32, seed: 7 };
    trained = await finishedRun(server, 'trained', sampleDefinition({ training }));
    untrained = await finishedRun(server, 'untrained', sampleDefinition({ freeze: { preset: 'frozen' } }));
    const sentiment = { tasks: [{ name: 'sentiment', hidden: 8 }], freeze: { preset: 'frozen' } };
    other = await finishedRun(server, 'other', sampleDefinition(sentiment));
  });

  const mutate = async (name: string, type: string, input: object) => {
    const { data, errors } = await server.query<Record<string, { model: ModelAnswer }>>(
      `mutation ($input: ${type}!) { ${name}(input: $input) { model { ...All } } } ${MODEL}`,
      { input },
    );
    return { model: data?.[name]?.model, error: errors?.[0] };
  };
  const register = (input: object) => mutate('registerModel', 'RegisterModelInput', input);
  const move = (input: object) => mutate('moveAlias', 'MoveAliasInput', input);
  const setGate = (input: object) => mutate('setModelGate', 'SetModelGateInput', input);
  const model = async (name: string) => {
    const { data, errors } = await server.query<{ model: ModelAnswer | null }>(
      `query ($name: String!) { model(name: $name) { ...All } } ${MODEL}`,
      { name },
    );
    assert.equal(errors, undefined);
    return data.model;
  };

  it('gives runs version after version under a name, and the same weights one version', async () => {
    const first = await register({
      name: 'news',
      runId: untrained,
      note: 'a start',
      description: 'for headlines',
    });
    assert.equal(first.error, undefined);
    const second = await register({ name: 'news', runId: trained, alias: 'production' });
    const again = await register({ name: 'news', runId: untrained });
    assert.deepEqual(again.model, second.model);
    const { versions, aliases, description, history } = (await model('news'))!;
    assert.deepEqual(
      versions.map(({ reference, run, note, aliases: names }) => [reference, run.id, note, names]),
      [
        ['news@2', trained, null, ['production']],
        ['news@1', untrained, 'a start', []],
      ],
    );
    assert.deepEqual([aliases, description], [[{ name: 'production', version: 2 }], 'for headlines']);
    assert.deepEqual(
      history.map(({ alias, fromVersion, toVersion, gate }) => [alias, fromVersion, toVersion, gate]),
      [['production', null, 2, null]],
    );
    const { data } = await server.query<{ run: { registrations: { reference: string }[] } }>(
      'query ($id: ID!) { run(id: $id) { registrations { reference } } }',
      { id: trained },
    );
    assert.deepEqual(data.run.registrations, [{ reference: 'news@2' }]);
  });

  it('tells what a reference stands for, and what there is when it stands for nothing', async () => {
    const version = async (reference: string) =>
      (await resolveModelReference(server.database, reference))?.version;
    assert.deepEqual(
      await Promise.all(['news', 'news@1', 'news@2', 'news@production', 'olds'].map(version)),
      [2, 1, 2, 2, undefined],
    );
    const found = (await resolveModelReference(server.database, 'news@1'))!;
    const [, first] = (await model('news'))!.versions;
    assert.deepEqual([found.runId, found.checkpointSha256], [untrained, first!.checkpointSha256]);
    await assert.rejects(version('news@staging'), {
      code: 'NOT_FOUND',
      message: 'model: there is no news@staging; the model has news@production, news@2, news@1',
    });
    await assert.rejects(version('news@7'), { code: 'NOT_FOUND' });
  });

  it('refuses names that stand for something else, and runs without finished weights', async () => {
    const unfinished = await insertRun(server.database);
    const cases: [object, string, string][] = [
      [{ name: 'a/b', runId: trained }, 'BAD_USER_INPUT', 'name'],
      [{ name: 'a@b', runId: trained }, 'BAD_USER_INPUT', 'name'],
      [{ name: trained, runId: trained }, 'BAD_USER_INPUT', 'name'],
      [{ name: 'news', runId: trained, alias: '3' }, 'BAD_USER_INPUT', 'alias'],
      [{ name: 'news', runId: trained, alias: 'production', force: true }, 'BAD_USER_INPUT', 'reason'],
      [{ name: 'news', runId: unfinished.id }, 'CONFLICT', 'runId'],
      [{ name: 'news', runId: 'none' }, 'NOT_FOUND', 'runId'],
    ];
    for (const [input, code, path] of cases) {
      const { error } = await register(input);
      assert.deepEqual([error?.extensions.code, error?.extensions.path], [code, path], JSON.stringify(input));
    }
    const { error } = await move({ model: 'news', alias: 'production', version: 9 });
    assert.deepEqual(
      [error?.extensions.code, error?.message],
      ['NOT_FOUND', 'version: news has no version 9'],
    );
  });

  it('moves an alias against its gate only with a reason, which is kept', async () => {
    const gate = { dataset: 'sample@1', split: 'TEST', metric: 'topic/accuracy' };
    assert.equal((await setGate({ model: 'news', gate })).error, undefined);
    assert.deepEqual((await model('news'))!.gate, { ...gate, tolerance: 0 });

    const refused = await move({ model: 'news', alias: 'production', version: 1 });
    assert.equal(refused.error?.extensions.code, 'CONFLICT');
    assert.match(
      refused.error!.message,
      /^version: news@production stays where it is: topic\/accuracy is 0\.\d+ on the split test of sample@1, and 1 where it points now; force/,
    );
    assert.deepEqual((await model('news'))!.aliases, [{ name: 'production', version: 2 }]);

    const forced = {
      model: 'news',
      alias: 'production',
      version: 1,
      force: true,
      reason: 'the new one leaks',
    };
    assert.equal((await move(forced)).error, undefined);
    assert.equal((await move({ model: 'news', alias: 'production', version: 2 })).error, undefined);
    const { history, versions, aliases } = (await model('news'))!;
    assert.deepEqual(aliases, [{ name: 'production', version: 2 }]);
    const [back, there] = history;
    assert.deepEqual(
      [there!.forced, there!.reason, there!.gate!.passed, there!.gate!.current],
      [true, 'the new one leaks', false, 1],
    );
    assert.deepEqual([back!.forced, back!.reason, back!.gate!.passed], [false, null, true]);
    assert.equal(back!.gate!.current, there!.gate!.candidate);
    for (const { evaluations } of versions)
      assert.deepEqual(
        evaluations.map(({ dataset, split, task, labelled }) => [dataset, split, task, labelled]),
        [['sample@1', 'TEST', 'topic', 6]],
      );
  });

  it('registers what its gate refuses, without the alias, and says both', async () => {
    const { error } = await register({ name: 'news', runId: other, alias: 'production' });
    assert.equal(error?.extensions.code, 'CONFLICT');
    assert.match(
      error!.message,
      /^alias: the run is registered as news@3, but news@production stays where it is: version 3 cannot be evaluated: it was not trained for topic;/,
    );
    const { versions, aliases } = (await model('news'))!;
    assert.deepEqual([versions[0]!.version, aliases[0]!.version], [3, 2]);
  });

  it('lets a version be worse by what the gate tolerates, and forgets a gate that is taken away', async () => {
    const gate = { dataset: 'sample', split: 'TEST', metric: 'topic/loss', tolerance: 100 };
    await setGate({ model: 'news', gate });
    assert.equal((await move({ model: 'news', alias: 'staging', version: 2 })).error, undefined);
    assert.equal((await move({ model: 'news', alias: 'staging', version: 1 })).error, undefined);
    assert.equal((await setGate({ model: 'news', gate: null })).model!.gate, null);
    for (const [wrong, path] of [
      [{ ...gate, metric: 'topic' }, 'gate.metric'],
      [{ ...gate, metric: 'urgency/loss' }, 'gate.split'],
      [{ ...gate, split: 'VALIDATION' }, 'gate.split'],
      [{ ...gate, dataset: 'none' }, 'gate.dataset'],
      [{ ...gate, tolerance: -1 }, 'gate.tolerance'],
    ] as const) {
      const { error } = await setGate({ model: 'news', gate: wrong });
      assert.deepEqual([error?.extensions.code, error?.extensions.path], ['BAD_USER_INPUT', path]);
    }
  });

  it('keeps a history without gaps when many move an alias at once', async () => {
    const moves = Array.from({ length: 12 }, (_, index) =>
      move({ model: 'news', alias: 'busy', version: 1 + (index % 2) }),
    );
    for (const { error } of await Promise.all(moves))
      if (error !== undefined) assert.equal(error.extensions.code, 'CONFLICT');
    const { history, aliases } = (await model('news'))!;
    const busy = history.filter(({ alias }) => alias === 'busy').reverse();
    assert.equal(busy[0]!.fromVersion, null);
    for (const [index, { fromVersion, toVersion }] of busy.entries()) {
      assert.notEqual(fromVersion, toVersion);
      if (index > 0) assert.equal(fromVersion, busy[index - 1]!.toVersion);
    }
    assert.equal(aliases.find(({ name }) => name === 'busy')!.version, busy.at(-1)!.toVersion);
  });

  it('keeps runs and weights that are registered, until the version is deleted', async () => {
    const deleteRun = () => server.database.pool.query('DELETE FROM run WHERE id = $1', [other]);
    await assert.rejects(deleteRun(), { constraint: 'model_version_run_id_fkey' });
    const [newest] = (await model('news'))!.versions;
    await removeCheckpoints(server.database, server.services.blobs, { runId: other, kind: 'final' });
    assert.ok(await server.services.blobs.has(newest!.checkpointSha256));

    const remove = (version: number) =>
      mutate('deleteModelVersion', 'DeleteModelVersionInput', { model: 'news', version });
    const { error } = await remove(2);
    assert.equal(error?.extensions.code, 'CONFLICT');
    assert.match(
      error!.message,
      /^version: expected one without an alias, (busy, )?production(, staging)? of news/,
    );
    assert.equal((await remove(3)).error, undefined);
    await deleteRun();
    await register({ name: 'news', runId: untrained });
    assert.deepEqual(
      (await model('news'))!.versions.map(({ version }) => version),
      [2, 1],
    );
  });

  it('takes an alias away and keeps its history', async () => {
    const { model: left } = await mutate('removeAlias', 'RemoveAliasInput', {
      model: 'news',
      alias: 'staging',
      reason: 'nobody asks it',
    });
    assert.ok(left!.aliases.every(({ name }) => name !== 'staging'));
    const { alias, fromVersion, toVersion, reason } = left!.history[0]!;
    assert.deepEqual([alias, fromVersion, toVersion, reason], ['staging', 1, null, 'nobody asks it']);
  });

  it('counts which programs asked which version, day by day', async () => {
    const versionOf = async (reference: string) =>
      (await resolveModelReference(server.database, reference))!.versionId;
    const [one, two] = [await versionOf('news@1'), await versionOf('news@2')];
    const usage = new ModelUsage(server.database.pool, { warn: (text) => assert.fail(text) });
    const monday = new Date('2026-01-05T23:59:59Z');
    const tuesday = new Date('2026-01-06T00:00:01Z');
    usage.note({ versionId: one, client: 'nightly', sentences: 10 }, monday);
    await usage.flush();
    usage.note({ versionId: one, client: 'nightly', sentences: 5 }, monday);
    usage.note({ versionId: one, client: 'nightly', sentences: 1 }, tuesday);
    usage.note({ versionId: two, client: '\u0000\ud800', sentences: 2 }, tuesday);
    usage.note({ versionId: '00000000-0000-0000-0000-000000000000', client: 'late', sentences: 1 }, tuesday);
    await usage.close();
    const { data } = await server.query<{
      model: {
        versions: {
          version: number;
          uses: { client: string; day: string; requests: number; sentences: number }[];
        }[];
      };
    }>('{ model(name: "news") { versions { version uses { client day requests sentences } } } }');
    assert.deepEqual(data.model.versions, [
      { version: 2, uses: [{ client: '(unknown)', day: '2026-01-06', requests: 1, sentences: 2 }] },
      {
        version: 1,
        uses: [
          { client: 'nightly', day: '2026-01-06', requests: 1, sentences: 1 },
          { client: 'nightly', day: '2026-01-05', requests: 2, sentences: 15 },
        ],
      },
    ]);
  });

  it('answers from a version by its alias, and counts who asked', async () => {
    await register({ name: 'asked', runId: trained, alias: 'live' });
    const ask = async (path: string, body: object, headers: object) => {
      const response = await fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      return (await response.json()) as Record<string, unknown>;
    };
    const query = `query ($input: PredictInput!) { predict(input: $input) {
      predictions { tasks { task label } } model { run registered }
    } }`;
    const variables = { input: { model: 'asked@live', sentences: ['Phones.', 'Stars.'] } };
    const { data } = (await ask('/graphql', { query, variables }, { 'x-client-name': 'shop' })) as {
      data: { predict: { model: object } };
    };
    assert.deepEqual(data.predict.model, { run: trained, registered: 'asked@live' });
    const byAlias = { model: 'asked@live', input: 'Phones.' };
    const answer = await ask('/v1/embeddings', byAlias, { 'user-agent': 'curl/8' });
    assert.deepEqual([answer.model, (answer.data as unknown[]).length], ['asked@live', 1]);
    const { data: listed } = (await (await fetch(`${server.url}/v1/models`)).json()) as {
      data: { id: string }[];
    };
    const names = listed.map(({ id }) => id);
    for (const id of ['asked', 'asked@live', trained]) assert.ok(names.includes(id), id);
    await ask('/v1/embeddings', { model: trained, input: 'Phones.' }, { 'user-agent': 'curl/8' });
    await server.services.usage.flush();
    const { data: uses } = await server.query<{
      model: { versions: { uses: { client: string; requests: number; sentences: number }[] }[] };
    }>('{ model(name: "asked") { versions { uses { client requests sentences } } } }');
    assert.deepEqual(
      uses.model.versions[0]!.uses.sort((a, b) => a.client.localeCompare(b.client)),
      [
        { client: 'curl/8', requests: 1, sentences: 1 },
        { client: 'shop', requests: 1, sentences: 2 },
      ],
    );
  });

  it('lists and registers models from the command line', async () => {
    const env = { FROSTLINE_URL: server.url };
    const registered = await runCli(['register', trained, 'shop', '--alias', 'live', '--note', 'first'], {
      env,
    });
    assert.deepEqual([registered.status, registered.stdout], [0, 'shop@1 shop@live\n'], registered.stderr);
    const listed = await runCli(['models'], { env });
    assert.match(listed.stdout, new RegExp(`shop@1 +live +${trained} +trained .* first`));
    const lines = (await runCli(['models', '--json'], { env })).stdout.trim().split('\n');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as ModelAnswer).name),
      ['shop', 'asked', 'news'],
    );
    const refused = await runCli(['register', trained, 'a/b'], { env });
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /^frostline: name: expected up to 100 letters/);
  });
});
