import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { uploadFile, type UploadProgress } from '../server/cli/client/uploadFile.js';
import { findDataset, loadDataset } from '../server/datasets/readDataset.js';
import { openDatabase } from '../server/db/database.js';
import { silentLogger } from '../server/db/logger.js';
import { benchFolder, startServer } from './bench-tracker/server.js';

const MEGABYTE = 2 ** 20;

/** Sentences of some eighty characters, one in fifty said twice, with two columns of labels that are half empty. */
function* csv(rows: number): Generator<string> {
  yield 'sentence,topic,sentiment\n';
  const words = 'the market rose after its report on new phones was read with great interest by many'.split(
    ' ',
  );
  for (let from = 0; from < rows; from += 1000) {
    let text = '';
    for (let row = from; row < Math.min(rows, from + 1000); row++) {
      const of = row % 50 === 49 ? row - 1 : row;
      const sentence = Array.from(
        { length: 12 },
        (_, index) => words[(of * 7 + index * (of % 11)) % 16],
      ).join(' ');
      const [topic, sentiment] =
        row % 2 === 0 ? [`topic ${row % 4}`, ''] : ['', row % 3 === 0 ? 'good' : 'bad'];
      text += `"${sentence}, ${of}",${topic},${sentiment}\n`;
    }
    yield text;
  }
}

/** Physical memory of a process, now and at its most, in megabytes. */
function memoryOf(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)![1]) / 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

/** Imports a large file into a server of its own, and says how long it takes and how much memory server and worker need. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rows: { type: 'string', default: '1000000' }, test: { type: 'string' } },
  });
  const rows = Number(values.rows);
  const server = await startServer(process.env);
  const folder = mkdtempSync(join(benchFolder, 'import-'));
  try {
    const file = join(folder, 'rows.csv');
    await pipeline(Readable.from(csv(rows)), createWriteStream(file));
    const before = memoryOf(server.pid);
    const began = performance.now();
    const phases = new Map<UploadProgress['phase'], number>();
    const { dataset } = await uploadFile({ url: `http://127.0.0.1:${server.port}`, token: null }, file, {
      name: 'large',
      splitting: values.test === undefined ? {} : { test: values.test },
      onProgress: ({ phase }) => phases.set(phase, performance.now() - began),
    });
    const seconds = (performance.now() - began) / 1000;
    const { peak } = memoryOf(server.pid);
    print('file', `${rows} rows, ${Math.round(statSync(file).size / MEGABYTE)} MB`);
    print('stored', `in ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows/s`);
    for (const [phase, until] of phases) print(`  ${phase}`, `until ${(until / 1000).toFixed(1)} s`);
    print(
      'server',
      `${Math.round(before.now)} MB before, ${Math.round(peak)} MB at its most, grew by ${Math.round(peak - before.now)} MB`,
    );
    print('repeated', JSON.stringify(dataset.repetition));
    await query(
      server.port,
      'a page',
      `rows(first: 50, after: "${cursor(rows - 60)}") { edges { node { sentence } } }`,
    );
    await query(server.port, 'a search', 'rows(search: "nowhere") { totalCount }');
    await query(
      server.port,
      'a label',
      'rows(labels: [{ task: "sentiment", label: "good" }]) { totalCount }',
    );
    await load(server.databaseUrl);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await server.stop();
  }
}

function cursor(ordinal: number): string {
  return Buffer.from(String(ordinal)).toString('base64url');
}

async function query(port: number, what: string, fields: string): Promise<void> {
  const began = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ dataset(name: "large") { ${fields} } }` }),
  });
  await response.text();
  print(what, `in ${Math.round(performance.now() - began)} ms`);
}

/** What a worker does before it trains. */
async function load(url: string): Promise<void> {
  const database = openDatabase(url, { log: silentLogger });
  globalThis.gc?.();
  const before = memoryOf(process.pid).now;
  const began = performance.now();
  const dataset = await loadDataset(database, (await findDataset(database, 'large'))!);
  const seconds = (performance.now() - began) / 1000;
  globalThis.gc?.();
  const grew = Math.round(memoryOf(process.pid).now - before);
  print('loaded', `${dataset.rows.length} rows to train on in ${seconds.toFixed(1)} s, ${grew} MB`);
  await database.close();
}

function print(what: string, value: string): void {
  process.stdout.write(`${what.padEnd(12)} ${value}\n`);
}

await main();
