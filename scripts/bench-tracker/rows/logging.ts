import pg from 'pg';
import { bodyOf, measureRate } from '../client.js';
import { curve, LOG, START, startRun } from '../operations.js';
import { type Row } from '../row.js';

const BATCH = 10_000;

/** Bodies are made before the clock starts: what is measured is the server, and it shares the machine with its clients. */
export const batches: Row = {
  id: 'batches',
  title: '`logMetrics`, batches of 10,000 points',
  target: 250_000,
  unit: 'points/s',
  better: 'higher',
  hasPeer: true,
  async measure({ client, databaseUrl, quick }, details) {
    let logged = 0;
    for (const connections of [1, 4]) {
      const own = client(connections);
      const runs = await Promise.all(Array.from({ length: connections }, () => startRun(own)));
      const calls = Math.ceil((quick ? 20 : 200) / connections);
      const bodies = runs.map((runId) =>
        Array.from({ length: calls }, (_, call) =>
          bodyOf(LOG, {
            input: { runId, key: `call ${call}`, series: [{ name: 'loss', ...curve(call * BATCH, BATCH) }] },
          }),
        ),
      );
      const start = performance.now();
      await Promise.all(
        bodies.map(async (ofRun) => {
          for (const body of ofRun) await own.send(body);
        }),
      );
      const seconds = (performance.now() - start) / 1000;
      logged += connections * calls * BATCH;
      details[`points/s on ${connections} connections`] = Math.round((connections * calls * BATCH) / seconds);
      own.close();
    }
    await checkStored(databaseUrl, logged);
    return Math.max(...(Object.values(details) as number[]));
  },
};

export const singles: Row = {
  id: 'singles',
  title: '`logMetrics`, one point a call, 16 connections',
  target: 1_500,
  unit: 'calls/s',
  better: 'higher',
  hasPeer: true,
  async measure({ client, quick }) {
    const own = client(16);
    const runs = await Promise.all(Array.from({ length: 16 }, () => startRun(own)));
    const log =
      (name: string) =>
      async (connection: number, turn: number): Promise<void> => {
        const series = [{ name, steps: [turn], values: [Math.random()] }];
        await own.query(LOG, { input: { runId: runs[connection], key: `${name} ${turn}`, series } });
      };
    await measureRate(16, 0.5, log('warming up'));
    const rate = await measureRate(16, quick ? 2 : 10, log('loss'));
    own.close();
    return rate;
  },
};

export const starts: Row = {
  id: 'starts',
  title: 'start a run and log ten metrics, 16 connections',
  target: 300,
  unit: 'runs/s',
  better: 'higher',
  hasPeer: true,
  async measure({ client, quick }) {
    const own = client(16);
    const names = Array.from({ length: 10 }, (_, index) => `metric ${index}`);
    const rate = await measureRate(16, quick ? 2 : 10, async (connection, turn) => {
      const { startExternalRun } = await own.query<{ startExternalRun: { run: { id: string } } }>(START, {
        input: { name: `run ${turn}`, experiment: 'starts', settings: { lr: Math.random(), connection } },
      });
      const series = names.map((name) => ({ name, steps: [1], values: [Math.random()] }));
      await own.query(LOG, { input: { runId: startExternalRun.run.id, key: 'all', series } });
    });
    own.close();
    return rate;
  },
};

/** Points that were acknowledged and are not there would not count. */
async function checkStored(databaseUrl: string, expected: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ points: string; distinct: string }>(
      `SELECT (SELECT sum(count) FROM metric_chunk) AS points,
              (SELECT sum(last_step - first_step + 1) FROM metric_summary) AS distinct`,
    );
    const { points, distinct } = rows[0]!;
    if (Number(points) === expected && Number(distinct) === expected) return;
    throw new Error(`expected ${expected} points, got ${points} of ${distinct} steps`);
  } finally {
    await client.end();
  }
}
