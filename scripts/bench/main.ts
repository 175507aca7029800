import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compareAccuracies } from './accuracy.js';
import { peerVersions } from './contenders.js';
import { describeMachine, disturbing, processorsInUse } from './machine.js';
import { measureProcess } from './measureProcess.js';
import { writeEnginePage, writeReadmeTable } from './page.js';
import { parseOptions, usage, type BenchOptions } from './options.js';
import { race } from './race.js';
import { renderReport, renderSummary, type Results } from './report.js';
import { measureRoofline } from './roofline.js';
import { allRows, type Row } from './rows.js';
import { benchFolder, layOutWork, removeCaches, type Workplace } from './workplace.js';

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm run bench`: measures what was asked for, keeps it in results.json and writes the table anew. */
async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), process.env);
  const place = await layOutWork(options);
  const rows = chooseRows(allRows(place), options);
  if (options.list) {
    for (const { id, title, takes } of rows)
      tell(`${id.padEnd(10)} ${title}\n${' '.repeat(11)}a run: ${takes}`);
    return;
  }
  if ((await processorsInUse()) > disturbing)
    tell('note: something else is using this machine; the numbers will be worse than it can do');
  const folder = options.quick ? join(benchFolder, 'quick') : benchFolder;
  const results = await earlierResults(folder, options, place);
  const keep = (): void => write(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  if (options.accuracy) {
    results.accuracy = await compareAccuracies(place, tell);
    keep();
  } else {
    for (const row of rows) {
      const { runs, runsGiven: repeatLong } = options;
      const withPeer = place.python !== null;
      const { commit } = results.machine;
      results.rows[row.id] = await race(row, { runs, repeatLong, withPeer, commit, tell });
      keep();
    }
    if (options.roofline) results.roofline = await measureRoofline(place);
    keep();
  }
  const order = allRows(place).map(({ id }) => id);
  results.rows = Object.fromEntries(
    order.flatMap((id) => (results.rows[id] ? [[id, results.rows[id]]] : [])),
  );
  keep();
  const report = renderReport(results);
  if (options.quick) {
    tell(`\n${report}`);
    return;
  }
  writeEnginePage(report);
  // A table without a peer would say little there.
  if (results.peer !== null) await writeReadmeTable(renderSummary(results));
}

function chooseRows(rows: Row[], { rows: wanted }: BenchOptions): Row[] {
  const unknown = wanted.find((id) => !rows.some((row) => row.id === id));
  if (unknown !== undefined) {
    throw new Error(
      `--rows: expected some of ${rows.map(({ id }) => id).join(', ')}, got ${JSON.stringify(unknown)}`,
    );
  }
  return wanted.length === 0 ? rows : rows.filter(({ id }) => wanted.includes(id));
}

/** Results of earlier runs, as long as they came from the same machine. */
async function earlierResults(folder: string, options: BenchOptions, place: Workplace): Promise<Results> {
  const machine = describeMachine();
  const peer = place.python === null ? null : await versionsOfPeer(place);
  const fresh = { machine, peer, threads: options.threads, data: place.description };
  const empty: Results = { ...fresh, rows: {}, roofline: null, accuracy: [] };
  try {
    const earlier = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Results;
    const same = earlier.machine.processor === machine.processor && earlier.threads === options.threads;
    return same ? { ...earlier, ...fresh, peer: peer ?? earlier.peer } : empty;
  } catch {
    return empty; // none, or of an older layout
  }
}

async function versionsOfPeer(place: Workplace): Promise<Record<string, string>> {
  const { lines } = await measureProcess(peerVersions(place));
  return lines[0]?.value as Record<string, string>;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
  process.exitCode = 1;
} finally {
  removeCaches();
}
