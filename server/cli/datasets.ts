import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Datasets, DeleteDataset } from '../../client/index.js';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { readConfig } from '../config.js';
import { authorization, connect, serverAddress, unreachable } from './client/client.js';
import { layOut } from './client/comparisonTable.js';

/** `frostline dataset list`: the newest version of each dataset. */
export async function listDatasets(options: { json?: boolean }): Promise<void> {
  const client = connect(serverAddress(readConfig()));
  const { datasets } = await client(Datasets, { first: 500 });
  const found = datasets.edges.map(({ node }) => node);
  if (options.json) {
    for (const dataset of found) process.stdout.write(`${JSON.stringify(dataset)}\n`);
    return;
  }
  const rows = found.map(({ name, version, rowCount, splits, repetition, runs, createdAt }) => [
    `${name}@${version}`,
    String(rowCount),
    `${splits.train}/${splits.validation}/${splits.test}`,
    String(repetition.leakedRows),
    String(runs.totalCount),
    createdAt.slice(0, 16).replace('T', ' '),
  ]);
  const head = ['dataset', 'rows', 'train/validation/test', 'leaked', 'runs', 'stored'];
  process.stdout.write(`${layOut([head, ...rows])}\n`);
}

/** `frostline dataset export`: a version as a file, to standard output or where `--out` says. */
export async function exportDataset(
  reference: string,
  options: { format: string; out?: string },
): Promise<void> {
  const { name, version } = parseReference(reference);
  const address = serverAddress(readConfig());
  const url = new URL(`${address.url}/datasets/${encodeURIComponent(name)}`);
  url.searchParams.set('format', options.format);
  if (version !== null) url.searchParams.set('version', String(version));
  const response = await fetch(url, { headers: authorization(address) }).catch((cause: unknown) => {
    throw unreachable(address.url, cause);
  });
  if (!response.ok || response.body === null) {
    const { errors } = (await response.json().catch(() => ({}))) as { errors?: { message: string }[] };
    const message = errors?.[0]?.message ?? `the server answered with status ${response.status}`;
    throw badInput(`${reference}: ${message}`);
  }
  const { out } = options;
  const target = out === undefined ? process.stdout : createWriteStream(out);
  try {
    await pipeline(Readable.fromWeb(response.body as ReadableStream), target, { end: out !== undefined });
  } catch (cause) {
    if (out !== undefined) await rm(out, { force: true });
    throw new FrostlineError('UNAVAILABLE', `the file broke off: ${(cause as Error).message}`, { cause });
  }
}

/** `frostline dataset delete`: a version, or all of them when none is named. */
export async function deleteDataset(reference: string): Promise<void> {
  const client = connect(serverAddress(readConfig()));
  const { deleteDataset: payload } = await client(DeleteDataset, { input: parseReference(reference) });
  for (const version of payload.deleted) process.stdout.write(`${version}\n`);
}

function parseReference(reference: string): { name: string; version: number | null } {
  const match = /^(.*)@(\d{1,9})$/.exec(reference);
  return match ? { name: match[1]!, version: Number(match[2]) } : { name: reference, version: null };
}
