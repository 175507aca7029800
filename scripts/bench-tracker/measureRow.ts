import pg from 'pg';
import { processorsInUse } from '../bench/machine.js';
import { median } from '../bench/statistics.js';
import { Client } from './client.js';
import { type Measured, measurePeer } from './peer.js';
import { type Row } from './row.js';
import { startServer } from './server.js';

/** What came of a row: a measurement for each run and side. */
export interface RowResult extends Pick<Row, 'id' | 'title' | 'target' | 'unit' | 'better'> {
  measuredAt: string;
  commit: string;
  /** Processors that others used when it began. */
  inUseBefore: number;
  ours: Measured[];
  peer: Measured[];
}

export interface MeasureOptions {
  runs: number;
  python: string | null;
  quick: boolean;
  commit: string;
  tell(line: string): void;
}

/** Measures a row so many times, ours and the peer in turn, each on a server and a database that are new. */
export async function measureRow(row: Row, options: MeasureOptions): Promise<RowResult> {
  const { id, title, target, unit, better } = row;
  const { runs, python, quick, commit, tell } = options;
  const result: RowResult = {
    ...{ id, title, target, unit, better, commit },
    measuredAt: new Date().toISOString(),
    inUseBefore: await processorsInUse(),
    ours: [],
    peer: [],
  };
  for (let run = 0; run < runs; run += 1) {
    result.ours.push(await measureOurs(row, quick));
    if (python !== null && row.hasPeer === true)
      result.peer.push(
        await withServer((server) => measurePeer(python, id, { databaseUrl: server.databaseUrl, quick })),
      );
  }
  tell(`${isMet(result) ? 'ok  ' : 'miss'} ${title}: ${summary(result)} ${JSON.stringify(result)}`);
  return result;
}

/** Whether the median reaches the target. */
export function isMet({ better, target, ours }: RowResult): boolean {
  const value = medianOf(ours);
  return better === 'lower' ? value <= target : value >= target;
}

export function medianOf(measured: readonly Measured[]): number {
  return median(measured.map(({ value }) => value));
}

function summary({ ours, peer, unit, target }: RowResult): string {
  const theirs = peer.length === 0 ? '' : `, MLflow ${medianOf(peer).toFixed(2)}`;
  return `${medianOf(ours).toFixed(2)} ${unit} (target ${target})${theirs}`;
}

function measureOurs(row: Row, quick: boolean): Promise<Measured> {
  return withServer(async ({ port, databaseUrl }) => {
    const details: Record<string, unknown> = {};
    const client = (connections: number): Client => new Client(port, connections);
    const value = await row.measure({ port, databaseUrl, client, quick }, details);
    return { value, details };
  });
}

async function withServer<Result>(
  work: (server: { port: number; databaseUrl: string }) => Promise<Result>,
): Promise<Result> {
  const server = await startServer(process.env);
  try {
    await refuseVolatile(server.databaseUrl);
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** Numbers of a database that may lose what it acknowledged would not count. */
async function refuseVolatile(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      const { rows } = await client.query<Record<string, string>>(`SHOW ${setting}`);
      if (rows[0]![setting] !== 'on') throw new Error(`${setting}: expected on, got ${rows[0]![setting]}`);
    }
  } finally {
    await client.end();
  }
}
