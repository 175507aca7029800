import { disturbing, type Machine } from '../bench/machine.js';
import { table } from '../bench/report.js';
import { advantage } from '../bench/statistics.js';
import { isMet, medianOf, type RowResult } from './measureRow.js';

/** Everything measured so far; a later run replaces the rows that it measures and leaves the others. */
export interface TrackerResults {
  machine: Machine;
  /** Versions of the peer. */
  peer: Record<string, string> | null;
  rows: Record<string, RowResult>;
}

/** The section of docs/benchmarks.md about the tracker. */
export function renderSection({ machine, peer, rows }: TrackerResults): string {
  const all = Object.values(rows);
  const versions = Object.entries(peer ?? {}).map(([name, version]) => `${name} ${version}`);
  const days = [...new Set(all.map(({ measuredAt }) => measuredAt.slice(0, 10)))].sort();
  const commits = [...new Set(all.map(({ commit }) => commit))];
  const runs = all.map(({ ours }) => ours.length);
  const busy = all.filter(({ inUseBefore }) => inUseBefore > disturbing).map(({ id }) => id);
  return [
    'Written by `npm run bench:tracker`: GraphQL over HTTP on loopback, the server and its Postgres as `frostline start` runs them, every',
    'acknowledged write on disk (`fsync` and `synchronous_commit` on). Clients share the machine with server and database.',
    '',
    `- ${machine.processor}${generation(machine.processor)}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}`,
    `- Frostline at ${commits.join(' and ')}, Node ${machine.node}; measured ${days.join(' and ')}`,
    ...(versions.length === 0
      ? []
      : [`- the peer: ${versions.join(', ')}: \`mlflow server\` on a database of the same Postgres`]),
    '',
    table(
      ['work', 'target', 'Frostline', '', 'MLflow', 'ratio'],
      all.map((row) => cells(row)),
    ),
    '',
    `Medians of ${[...new Set([Math.min(...runs), Math.max(...runs)])].join(' to ')} runs, each on an empty database, in turn with the peer's. MLflow takes at most 1,000 points a call, and gets so many;`,
    "batches count the better of one and four connections on either side, the other two rows 16 connections. The peer's program is",
    '`scripts/bench-tracker/peer.py`.',
    ...(busy.length === 0 ? [] : ['', `**The machine was busy when these rows began: ${busy.join(', ')}.**`]),
  ].join('\n');
}

function cells(row: RowResult): string[] {
  const { title, target, unit, better, ours, peer } = row;
  const mine = medianOf(ours);
  return [
    title,
    `${better === 'lower' ? '≤' : '≥'} ${target.toLocaleString('en')} ${unit}`,
    `${show(mine)} ${unit}`,
    isMet(row) ? 'met' : '**missed**',
    peer.length === 0 ? '' : `${show(medianOf(peer))} ${unit}`,
    peer.length === 0 ? '' : `${show(advantage(mine, medianOf(peer), better))} ×`,
  ];
}

function show(value: number): string {
  const digits = value >= 100 ? 0 : 1;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Virtual machines name AMD's server processors alike: the family and the model tell them apart. */
function generation(processor: string): string {
  const [, family, model] = /family (\d+), model (\d+)/.exec(processor) ?? [];
  if (!processor.startsWith('AMD')) return '';
  if (family === '26') return ', that is Zen 5';
  return family === '25' && Number(model) >= 16 && Number(model) < 32 ? ', that is Zen 4' : '';
}
