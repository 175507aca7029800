import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { makeDataset } from '../../../experiments/data/dataset.js';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { deleteDataset } from '../../../server/datasets/deleteDataset.js';
import { insertRun } from '../../support/factories.js';
import { useServer } from '../../support/server.js';
import { subscribe } from '../../support/subscribe.js';

describe('subscriptions to what has a name', () => {
  const server = useServer();

  it('sends a dataset as it is at once, and again when it gets a version or loses one', async () => {
    const { database } = server;
    interface Change {
      datasetChanged: { name: string | null; versionCount: number; newest: { version: number } | null };
    }
    const fields = '{ name versionCount newest { version } }';
    const one = subscribe<Change>(server.url, `subscription { datasetChanged(name: "watched") ${fields} }`);
    const all = subscribe<Change>(server.url, `subscription { datasetChanged ${fields} }`);
    await one.until(({ datasetChanged }) => datasetChanged.newest === null);
    await all.until(({ datasetChanged }) => datasetChanged.name === null);
    const store = (name: string, sentence: string) =>
      createDataset(database, name, makeDataset([{ sentence, split: 'train', labels: { a: 'b' } }], ['a']));
    await store('other', 'one');
    await store('watched', 'one');
    await one.until(({ datasetChanged }) => datasetChanged.newest?.version === 1);
    await store('watched', 'two');
    await one.until(({ datasetChanged }) => datasetChanged.newest?.version === 2);
    // The same rows once more are no version, and nothing to tell.
    await store('watched', 'two');
    await deleteDataset(database, server.services.blobs, { name: 'watched', version: 2 });
    await one.until(({ datasetChanged }) => one.received.length > 3 && datasetChanged.newest?.version === 1);
    await deleteDataset(database, server.services.blobs, { name: 'watched' });
    await all.until(({ datasetChanged }) => datasetChanged.name === 'watched' && !datasetChanged.newest);
    await one.until(() => one.received.length === 5);
    assert.deepEqual(
      one.received.map(({ datasetChanged: { versionCount } }) => versionCount),
      [0, 1, 2, 1, 0],
    );
    assert.ok(one.received.every(({ datasetChanged }) => datasetChanged.name === 'watched'));
    assert.ok(all.received.some(({ datasetChanged }) => datasetChanged.name === 'other'));
    await Promise.all([one.close(), all.close()]);
  });

  it('sends a registered model when a version, an alias or the gate changes, and not when another one does', async () => {
    const { prisma } = server.database;
    interface Change {
      modelChanged: { name: string | null; model: { aliases: { version: number }[] } | null };
    }
    for (const name of ['watched', 'other']) {
      const modelId = randomUUID();
      await prisma.registeredModel.create({ data: { id: modelId, name, lastVersion: 2 } });
      const sha256 = createHash('sha256').update(name).digest('hex');
      await prisma.blob.create({ data: { sha256, bytes: 1 } });
      for (const version of [1, 2]) {
        const { id: runId } = await insertRun(server.database, { state: 'FINISHED' });
        await prisma.modelVersion.create({ data: { id: randomUUID(), modelId, version, runId, sha256 } });
      }
    }
    const subscription = subscribe<Change>(
      server.url,
      'subscription { modelChanged(name: "watched") { name model { aliases { version } } } }',
    );
    await subscription.until(({ modelChanged }) => modelChanged.model !== null);
    const ask = async (text: string) =>
      assert.equal((await server.query(`mutation { ${text} { model { id } } }`)).errors, undefined);
    const move = (model: string, version: number) =>
      ask(`moveAlias(input: { model: "${model}", alias: "live", version: ${version} })`);
    const changes = (count: number) => subscription.until(() => subscription.received.length === count);
    await move('other', 1);
    await move('watched', 1);
    await changes(2);
    await move('watched', 2);
    await changes(3);
    await ask('removeAlias(input: { model: "watched", alias: "live" })');
    await changes(4);
    await ask('deleteModelVersion(input: { model: "watched", version: 2 })');
    await changes(5);
    await ask('setModelGate(input: { model: "watched", gate: null })');
    await changes(6);
    assert.deepEqual(
      subscription.received.map(({ modelChanged }) => modelChanged.model!.aliases[0]?.version),
      [undefined, 1, 2, undefined, undefined, undefined],
    );
    await subscription.close();
  });
});
