import assert from 'node:assert/strict';
import { readHistories } from '../../../server/metrics/readHistory.js';
import { useFaultWorld } from '../../support/faultWorld.js';
import { request } from '../../support/request.js';
import { startServerProcess, type ServerProcess } from '../../support/serverProcess.js';
import { until } from '../../support/until.js';

const CLIENTS = 16;
const START = 'mutation ($input: StartExternalRunInput!) { startExternalRun(input: $input) { run { id } } }';
const LOG = 'mutation ($input: LogMetricsInput!) { logMetrics(input: $input) { stored } }';
const FINISH = 'mutation ($input: FinishRunInput!) { finishRun(input: $input) { run { id } } }';

describe('faults while programs log', function () {
  this.timeout(120_000);
  const world = useFaultWorld();
  let server: ServerProcess;
  before(async () => (server = await startServerProcess(world.config, world.postgres.url)));
  after(() => server?.kill('SIGKILL'));

  /**
   * Sixteen clients log point after point and note what is acknowledged; what is not, they send again under its key. Meanwhile
   * `fault` happens. Then the histories must hold each point exactly once.
   */
  async function logThrough(fault: () => Promise<void>): Promise<void> {
    const runs: string[] = [];
    for (let client = 0; client < CLIENTS; client += 1) {
      const { startExternalRun } = await request<{ startExternalRun: { run: { id: string } } }>(
        server.url,
        START,
        { input: { name: `client ${client}`, experiment: 'faults' } },
      );
      runs.push(startExternalRun.run.id);
    }
    let stopping = false;
    let total = 0;
    const acknowledged = runs.map(() => 0);
    const clients = runs.map(async (runId, client) => {
      for (let step = 0; !stopping;) {
        const series = [{ name: 'loss', steps: [step], values: [step / 2] }];
        try {
          await request(server.url, LOG, { input: { runId, key: `step ${step}`, series } });
          step += 1;
          acknowledged[client] = step;
          total += 1;
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    });
    await until(() => total > 200);
    await fault();
    const before = total;
    await until(() => total > before + 200);
    stopping = true;
    await Promise.all(clients);
    for (const id of runs) await request(server.url, FINISH, { input: { runId: id } });
    const histories = await readHistories(world.database.pool, { runIds: runs, names: ['loss'] });
    for (const { runId, points } of histories) {
      const count = acknowledged[runs.indexOf(runId)]!;
      assert.deepEqual(
        [...points.steps],
        Array.from({ length: count }, (_, step) => step),
      );
      assert.deepEqual([...points.values].at(-1), (count - 1) / 2);
    }
    assert.equal(histories.length, CLIENTS);
    await world.assertSound();
  }

  it('SIGKILL of the server loses nothing that it has acknowledged, and doubles nothing', () =>
    logThrough(async () => {
      await server.kill('SIGKILL');
      server = await startServerProcess(world.config, world.postgres.url);
    }));

  it('Postgres crashing under the server loses nothing either', () =>
    logThrough(() => world.restartPostgres()));
});
