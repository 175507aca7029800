import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { inTransaction } from '../../../server/db/database.js';
import { addTask } from '../../../server/runs/workerTasks.js';
import { insertRun } from '../../support/factories.js';
import { useServer } from '../../support/server.js';
import { subscribe } from '../../support/subscribe.js';
import { until } from '../../support/until.js';

interface Deleted {
  runsDeleted: string[];
}
const DELETED = 'subscription ($ids: [ID!]) { runsDeleted(ids: $ids) }';

describe('the subscription to deletions of runs', () => {
  const server = useServer();
  const listeners = () => server.services.notifications.listenerCount();
  const finished = async () => (await insertRun(server.database, { state: 'FINISHED' })).id;
  const remove = (ids: string[]) =>
    server.query('mutation ($input: RunsInput!) { deleteRuns(input: $input) { ids } }', { input: { ids } });

  /** A subscription that is in force: nothing is sent at the start that would tell. */
  async function listening(ids: string[] | null) {
    const before = listeners();
    const subscription = subscribe<Deleted>(server.url, DELETED, { ids });
    await until(() => listeners() > before);
    return subscription;
  }
  const told = ({ received }: { received: Deleted[] }) => received.flatMap(({ runsDeleted }) => runsDeleted);

  it('tells everyone of all runs that went, however many at once, and of none whose deletion was refused', async () => {
    const subscription = await listening(null);
    const active = (await insertRun(server.database, { state: 'RUNNING' })).id;
    const kept = await finished();
    assert.equal((await remove([kept, active])).errors?.[0]?.extensions?.code, 'CONFLICT');
    const ids = await Promise.all(Array.from({ length: 400 }, finished));
    assert.equal((await remove(ids)).errors, undefined);
    await subscription.until(() => told(subscription).length >= ids.length);
    assert.deepEqual(told(subscription).toSorted(), ids.toSorted());
    assert.ok(subscription.received.length < 10, 'several at a time');
    await subscription.close();
  });

  it('tells of the runs asked for only: at once of those that are gone already, then of each once', async () => {
    const [first, second, other, before] = await Promise.all(Array.from({ length: 4 }, finished));
    await remove([before!]);
    const subscription = subscribe<Deleted>(server.url, DELETED, {
      ids: [first!, second!, before!, 'no run has such an id'],
    });
    const { runsDeleted } = await subscription.until(() => true);
    assert.deepEqual(runsDeleted, [before, 'no run has such an id']);
    await remove([other!]);
    await remove([second!]);
    await subscription.until((data) => data.runsDeleted.includes(second!));
    await remove([first!]);
    await subscription.until((data) => data.runsDeleted.includes(first!));
    assert.deepEqual(told(subscription).slice(2), [second, first]);
    await subscription.close();
  });

  it('finds out what was deleted while the listening connection was cut, or says that it does not know', async () => {
    const [watched, seen] = [await finished(), await finished()];
    const all = await listening(null);
    const some = await listening([watched]);
    const { pool } = server.database;
    // Gone without a notification: nobody heard it.
    await pool.query('DELETE FROM run WHERE id = $1', [watched]);
    await pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'frostline listen' AND datname = current_database()",
    );
    await all.until(({ runsDeleted }) => runsDeleted.length === 0);
    await some.until(({ runsDeleted }) => runsDeleted.includes(watched));
    await remove([seen]);
    await all.until(({ runsDeleted }) => runsDeleted.includes(seen));
    assert.deepEqual(told(some), [watched]);
    await Promise.all([all.close(), some.close()]);
  });

  it('takes no more runs than it can look after', async () => {
    const subscription = subscribe(server.url, DELETED, { ids: Array.from({ length: 1001 }, randomUUID) });
    await assert.rejects(
      subscription.until(() => true),
      /ids: expected at most 1000 runs, got 1001/,
    );
    await subscription.close();
  });

  it('moves the queue when a run takes what waited there with it', async () => {
    const id = await finished();
    await inTransaction(server.database.pool, (client) =>
      addTask(client, { kind: 'verification', runId: id }),
    );
    const subscription = subscribe<{ queueChanged: { waiting: number } }>(
      server.url,
      'subscription { queueChanged { waiting } }',
    );
    const { queueChanged: before } = await subscription.until(() => true);
    assert.equal(before.waiting, 1);
    await remove([id]);
    await subscription.until(({ queueChanged }) => queueChanged.waiting === 0);
    await subscription.close();
  });
});
