import { CompareRuns, type CompareRunsQuery, type SpreadFieldsFragment } from '../../client/index.js';
import { readConfig } from '../config.js';
import { connect, serverAddress } from './client/client.js';
import { comparisonTable, layOut } from './client/comparisonTable.js';
import { readRuns } from './client/runView.js';

export interface CompareOptions {
  metric?: string;
  json?: boolean;
}

type Comparison = CompareRunsQuery['compareRuns'];
type Spread = Pick<SpreadFieldsFragment, 'mean' | 'deviation'>;

/** `frostline compare`: runs side by side, what explains their differences, and which to keep. */
export async function compare(ids: string[], { metric, json }: CompareOptions): Promise<void> {
  const client = connect(serverAddress(readConfig()));
  const { compareRuns } = await client(CompareRuns, { ids, metric });
  if (json) {
    process.stdout.write(`${JSON.stringify(compareRuns)}\n`);
    return;
  }
  const views = await readRuns(client, ids);
  const names = new Map(views.map(({ id, name }) => [id, name]));
  const parts = [
    comparisonTable(views),
    settingsTable(
      compareRuns,
      views.map(({ name }) => name),
    ),
    groupsTable(compareRuns),
    explanations(compareRuns, names),
    compareRuns.groups.length > 1 ? compareRuns.verdict.reason : '',
  ];
  process.stdout.write(`${parts.filter((part) => part !== '').join('\n\n')}\n`);
}

function settingsTable({ settings }: Comparison, names: string[]): string {
  if (settings.length === 0) return '';
  const rows = settings.map(({ path, values }) => [
    path,
    ...values.map((value) =>
      value === null ? '—' : typeof value === 'string' ? value : JSON.stringify(value),
    ),
  ]);
  return layOut([['setting', ...names], ...rows]);
}

/** Means over seeds; nothing to say where every run is by itself. */
function groupsTable({ groups, verdict }: Comparison): string {
  if (groups.every(({ runs }) => runs.length === 1)) return '';
  const rows = groups.map(({ label, seeds, seconds, metrics, trainableShare }) => [
    label,
    String(seeds.length),
    ...verdict.metrics.map((name) => spread(metrics.find((metric) => metric.name === name))),
    `${(100 * trainableShare).toFixed(1)} %`,
    spread(seconds),
  ]);
  return layOut([['group', 'seeds', ...verdict.metrics, 'trainable', 'seconds'], ...rows]);
}

function spread(value: Spread | undefined): string {
  if (value?.mean == null) return '—';
  const mean = value.mean.toPrecision(4);
  return value.deviation === null ? mean : `${mean} ± ${value.deviation.toPrecision(2)}`;
}

function explanations({ explanations: all }: Comparison, names: ReadonlyMap<string, string>): string {
  return all
    .flatMap(({ run, summary, changes }) => [
      `${names.get(run) ?? run}: ${summary}`,
      // Settings have their table.
      ...changes
        .filter(({ input }) => input !== 'definition')
        .map(({ input, detail }) => `  ${input}: ${detail}`),
    ])
    .join('\n');
}
