import assert from 'node:assert/strict';
import { type FrostlineError } from '../../../experiments/errors.js';
import { silentLogger } from '../../../server/db/logger.js';
import { openInferenceClient, type InferenceClient } from '../../../server/inference/inferenceClient.js';
import { type InferenceRequest } from '../../../server/inference/protocol.js';
import { useFolder } from '../../support/folder.js';
import { testConfig } from '../../support/server.js';

describe('the process that holds the models', () => {
  const folder = useFolder();
  let client: InferenceClient;
  beforeEach(() => {
    client = openInferenceClient(testConfig(folder.path, { FROSTLINE_THREADS: '1' }), silentLogger);
  });
  afterEach(() => client.close());

  const request = (input: string[]): InferenceRequest => ({
    source: { kind: 'backbone', model: 'bert-tiny' },
    precision: 'float32',
    input,
    work: 'embed',
    normalize: true,
    maxLength: null,
    truncate: true,
  });
  const many = Array.from({ length: 20_000 }, (_, index) => `a sentence, number ${index}`);
  const codeOf = (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => 'answered',
      (error: FrostlineError) => error.code,
    );

  it('is not this one, and is there from the first request on', async () => {
    assert.equal(client.pid, undefined);
    const { vectors, dimensions } = await client.run(request(['a']));
    assert.equal(vectors.length, dimensions);
    assert.notEqual(client.pid, process.pid);
  });

  it('is followed by another when it dies, and whoever waited is told', async () => {
    const before = await client.run(request(['a']));
    const { pid } = client;
    const waiting = codeOf(client.run(request(many)));
    process.kill(pid!, 'SIGKILL');
    assert.equal(await waiting, 'UNAVAILABLE');
    const after = await client.run(request(['a']));
    assert.notEqual(client.pid, pid);
    assert.deepEqual(after.vectors, before.vectors);
  });

  it('drops a request that is cancelled, before it is sent and under way', async () => {
    await client.run(request(['a']));
    assert.equal(await codeOf(client.run(request(['a']), AbortSignal.abort())), 'CANCELLED');
    const controller = new AbortController();
    const waiting = codeOf(client.run(request(many), controller.signal));
    controller.abort();
    assert.equal(await waiting, 'CANCELLED');
    // The queue has room again at once, and the next request does not wait for the cancelled one.
    assert.equal((await client.run(request(['b']))).vectors.length, 32);
  });

  it('leaves this process free while it computes', async () => {
    await client.run(request(['a']));
    const computing = client.run(request(many));
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 5);
    await computing;
    clearInterval(timer);
    assert.ok(turns > 0);
  });

  it('refuses requests once it is closed', async () => {
    await client.run(request(['a']));
    await client.close();
    assert.equal(await codeOf(client.run(request(['a']))), 'UNAVAILABLE');
  });
});
