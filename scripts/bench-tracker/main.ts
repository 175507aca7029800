import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMachine, disturbing, processorsInUse } from '../bench/machine.js';
import { writeTrackerSection } from '../bench/page.js';
import { measureRow } from './measureRow.js';
import { parseOptions, type TrackerOptions, usage } from './options.js';
import { peerVersions } from './peer.js';
import { renderSection, type TrackerResults } from './report.js';
import { type Row } from './row.js';
import { filter } from './rows/finding.js';
import { live } from './rows/following.js';
import { batches, singles, starts } from './rows/logging.js';
import { history, overlay } from './rows/reading.js';
import { disk } from './rows/storing.js';
import { benchFolder } from './server.js';

const allRows: readonly Row[] = [batches, singles, starts, history, overlay, filter, disk, live];

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm run bench:tracker`: measures what was asked for, keeps it in results.json and writes the table anew. */
async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), process.env);
  const rows = chooseRows(options);
  if (options.list) {
    for (const { id, title, target, unit } of rows)
      tell(`${id.padEnd(10)} ${title} (target ${target.toLocaleString('en')} ${unit})`);
    return;
  }
  if ((await processorsInUse()) > disturbing)
    tell('note: something else is using this machine; the numbers will be worse than it can do');
  const folder = options.quick ? join(benchFolder, 'quick') : benchFolder;
  const { python, quick, runs } = options;
  const peer = python === null ? null : await peerVersions(python);
  const results = earlierResults(folder, peer);
  const { commit } = results.machine;
  mkdirSync(folder, { recursive: true });
  for (const row of rows) {
    results.rows[row.id] = await measureRow(row, { runs, python, quick, commit, tell });
    results.rows = inOrder(results.rows);
    writeFileSync(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  }
  const section = renderSection(results);
  tell(`\n${section}`);
  if (!quick) writeTrackerSection(section);
}

function chooseRows({ rows: wanted }: TrackerOptions): readonly Row[] {
  const unknown = wanted.find((id) => !allRows.some((row) => row.id === id));
  if (unknown === undefined)
    return wanted.length === 0 ? allRows : allRows.filter(({ id }) => wanted.includes(id));
  const known = allRows.map(({ id }) => id).join(', ');
  throw new Error(`--rows: expected some of ${known}, got ${JSON.stringify(unknown)}`);
}

/** Results of earlier runs, as long as they came from the same machine. */
function earlierResults(folder: string, peer: Record<string, string> | null): TrackerResults {
  const machine = describeMachine();
  try {
    const earlier = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as TrackerResults;
    const isSame = earlier.machine.processor === machine.processor;
    return { machine, peer: peer ?? earlier.peer, rows: isSame ? earlier.rows : {} };
  } catch {
    return { machine, peer, rows: {} }; // none, or of an older layout
  }
}

function inOrder(rows: TrackerResults['rows']): TrackerResults['rows'] {
  return Object.fromEntries(allRows.flatMap(({ id }) => (rows[id] ? [[id, rows[id]]] : [])));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
  process.exitCode = 1;
}
