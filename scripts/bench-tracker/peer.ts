import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { measureProcess } from '../bench/measureProcess.js';

const program = fileURLToPath(new URL('peer.py', import.meta.url));

/** What one side measured of a row. */
export interface Measured {
  value: number;
  details: Record<string, unknown>;
}

/** Versions of the peer and of the Python that it runs on. */
export async function peerVersions(python: string): Promise<Record<string, string>> {
  const { lines } = await measureProcess({ program: python, args: [program, 'versions'] });
  return lines[0]!.value as Record<string, string>;
}

/** Does a row's work on MLflow, with an empty database of its own on the Postgres given. */
export async function measurePeer(
  python: string,
  row: string,
  { databaseUrl, quick }: { databaseUrl: string; quick: boolean },
): Promise<Measured> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('CREATE DATABASE mlflow').finally(() => client.end());
  const url = new URL(databaseUrl);
  url.pathname = '/mlflow';
  const { lines } = await measureProcess({
    program: python,
    args: [program, row],
    env: { BENCH_DATABASE_URL: url.href, BENCH_SECONDS: quick ? '2' : '10' },
  });
  const last = lines.at(-1);
  if (last === undefined) throw new Error(`the peer measured nothing of ${row}`);
  return last.value as unknown as Measured;
}
