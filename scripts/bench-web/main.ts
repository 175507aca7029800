import { launchBrowser } from '../../test/support/browser.js';
import { Client } from '../bench-tracker/client.js';
import { startServer } from '../bench-tracker/server.js';
import { type WebBench, type WebRow } from './row.js';
import { compareDrawn, comparePanned } from './rows/compareCurves.js';
import { routeScripts } from './rows/routeScripts.js';
import { runsInteractive, runsScrolled, runsSorted } from './rows/runsPage.js';

const rows: readonly WebRow[] = [
  compareDrawn,
  comparePanned,
  runsInteractive,
  runsSorted,
  runsScrolled,
  ...routeScripts,
];

/** Measures the dashboard in Chromium against a server on this machine: all rows, or those named. */
async function main(args: readonly string[]): Promise<void> {
  const quick = args.includes('--quick');
  const wanted = args.filter((arg) => !arg.startsWith('--'));
  const server = await startServer(process.env);
  const browser = await launchBrowser();
  const client = new Client(server.port, 4);
  const bench: WebBench = {
    url: `http://127.0.0.1:${server.port}`,
    databaseUrl: server.databaseUrl,
    client,
    browser,
    quick,
  };
  try {
    for (const row of rows.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) {
      const details: Record<string, unknown> = {};
      const value = await row.measure(bench, details);
      const good = row.better === 'lower' ? value <= row.target : value >= row.target;
      const told = `${value.toFixed(2)} ${row.unit} (target ${row.target})`;
      process.stdout.write(`${good ? 'ok  ' : 'miss'} ${row.title}: ${told} ${JSON.stringify(details)}\n`);
    }
  } finally {
    client.close();
    await browser.close();
    await server.stop();
  }
}

await main(process.argv.slice(2));
