import { RunSummaries } from '../../client/index.js';
import { readConfig } from '../config.js';
import { printField } from '../query/fields.js';
import { connect, serverAddress } from './client/client.js';
import { layOut } from './client/comparisonTable.js';
import { runOrder } from './client/runOrder.js';
import { showMetric, stateWord } from './client/runView.js';

export interface RunsOptions {
  experiment?: string;
  query?: string;
  sort?: string;
  descending?: boolean;
  limit?: string;
  json?: boolean;
}

/** `frostline runs`: the newest runs, or those that a query finds, in any order. */
export async function runs(options: RunsOptions): Promise<void> {
  const order = options.sort === undefined ? null : runOrder(options.sort, options.descending ?? false);
  const client = connect(serverAddress(readConfig()));
  const { runs: connection } = await client(RunSummaries, {
    first: Number(options.limit ?? 20),
    where: options.experiment ? { experiment: options.experiment } : null,
    query: options.query,
    orderBy: order && [order.input],
  });
  const found = connection.edges.map(({ node }) => node);
  if (options.json) {
    for (const run of found) process.stdout.write(`${JSON.stringify(run)}\n`);
    return;
  }
  const sorted = order?.by.kind === 'metric' ? order.by : null;
  const rows = found.map((run) => [
    run.id,
    run.name,
    stateWord(run),
    `${run.progress.epoch}/${run.progress.epochs}`,
    showMetric(run, 'epoch/loss', (value) => value.toFixed(4)),
    ...(sorted === null
      ? []
      : [showMetric(run, sorted.name, (value) => String(Number(value.toPrecision(6))), sorted.of)]),
    run.createdAt.slice(0, 16).replace('T', ' '),
  ]);
  const metric = sorted === null ? [] : [printField(sorted).replace(/^metric\./, '')];
  process.stdout.write(
    `${layOut([['id', 'name', 'state', 'epoch', 'loss', ...metric, 'launched'], ...rows])}\n`,
  );
}
