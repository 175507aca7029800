import type { AccuracyResult } from './accuracy.js';
import { disturbing, type Machine } from './machine.js';
import type { RowResult, SideResult } from './race.js';
import type { Roofline } from './roofline.js';
import { sideLabels, type Metric, type Side } from './rows.js';
import { advantage, mean, median } from './statistics.js';

/** Everything measured so far; a later run replaces the rows that it measures and leaves the others. */
export interface Results {
  machine: Machine;
  /** Versions of the peer's packages. */
  peer: Record<string, string> | null;
  threads: number;
  data: string;
  rows: Record<string, RowResult>;
  roofline: Roofline | null;
  accuracy: AccuracyResult[];
}

/** The page docs/benchmarks.md. */
export function renderReport(results: Results): string {
  const sections = [
    '# Benchmarks',
    'Written by `npm run bench`; medians of runs in turn (ours, the peer, ours, …). Both sides compute in float32 unless a line says bfloat16.',
    renderMachine(results),
    ...(Object.keys(results.rows).length === 0
      ? []
      : ['## Speed and memory', renderRows(Object.values(results.rows)), notes(results)]),
    ...(results.accuracy.length === 0 ? [] : ['## Validation accuracy', renderAccuracy(results.accuracy)]),
    ...(results.roofline === null ? [] : ['## Roofline', renderRoofline(results.roofline)]),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** The table of the README: each row against PyTorch in float32, and in bfloat16 where a target is set against it. */
export function renderSummary({ machine, threads, rows }: Results): string {
  const lines = Object.values(rows).flatMap(({ title, metrics, sides }) =>
    metrics.flatMap((metric) => {
      const { ours, ...peers } = sides;
      if (ours === undefined) return [];
      const mine = median(ours.values[metric.title] as number[]);
      return Object.entries(peers)
        .filter(([side]) => metric.targets[side as Side] !== undefined)
        .map(([side, theirs]) => {
          const other = median(theirs.values[metric.title] as number[]);
          const times = theirs.times === undefined ? '' : ` (${theirs.times} × one measured run)`;
          const label = side === 'torch' ? times : ` (${sideLabels[side as Side]})${times}`;
          const ratio = `${advantage(mine, other, metric.better).toFixed(1)} ×`;
          const what = metrics.length > 1 ? `${title}: ${metric.title}` : title;
          return [what, value(mine, metric), `${value(other, metric)}${label}`, ratio];
        });
    }),
  );
  const where = `${machine.processor}, ${threads} threads a side`;
  return `${table(['work', 'Frostline', 'PyTorch', 'ratio'], lines)}\n\n${where}.`;
}

function renderMachine({ machine, peer, threads, data, rows }: Results): string {
  const versions = Object.entries(peer ?? {}).map(([name, version]) => `${name} ${version}`);
  const dates = Object.values(rows).map(({ measuredAt }) => measuredAt.slice(0, 10));
  const when = [...new Set(dates)].sort();
  const commits = new Set(Object.values(rows).map(({ commit }) => commit));
  return [
    `- ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}; ${threads} threads a side`,
    `- Frostline at ${[...commits].join(' and ') || machine.commit}, Node ${machine.node}, ONNX Runtime ${machine.onnxRuntime}`,
    ...(versions.length === 0 ? [] : [`- the peer: ${versions.join(', ')}`]),
    `- data: ${data}${when.length === 0 ? '' : `; measured ${when.join(' and ')}`}`,
  ].join('\n');
}

function renderRows(rows: readonly RowResult[]): string {
  const lines = rows.flatMap(({ title, metrics, sides }) =>
    metrics.flatMap((metric) => {
      const { ours, ...peers } = sides;
      if (ours === undefined) return [];
      const cells = (peer?: [string, SideResult & { times?: number }]): string[] => {
        const mine = median(ours.values[metric.title] as number[]);
        if (peer === undefined) return [value(mine, metric), '', '', '', memory(ours), ''];
        const [side, theirs] = peer;
        const other = median(theirs.values[metric.title] as number[]);
        const times = theirs.times === undefined ? '' : ` (${theirs.times} × one measured run)`;
        const target = metric.targets[side as Side];
        return [
          value(mine, metric),
          `${value(other, metric)}${side === 'torch' ? '' : ` (${sideLabels[side as Side]})`}${times}`,
          `${advantage(mine, other, metric.better).toFixed(1)} ×`,
          target === undefined ? '' : `≥ ${target} ×`,
          memory(ours),
          memory(theirs),
        ];
      };
      const pairs = Object.entries(peers);
      const versions = pairs.length === 0 ? [cells()] : pairs.map((pair) => cells(pair));
      return versions.map((rest) => [title, `${metric.title}`, ...rest]);
    }),
  );
  const head = ['work', 'measured', 'Frostline', 'PyTorch', 'ratio', 'target', 'peak memory', "PyTorch's"];
  return table(head, lines);
}

/** What a reader has to know to trust the table. */
function notes({ rows }: Results): string {
  const all = Object.values(rows);
  const runs = all.map(({ sides }) => sides.ours?.peakBytes.length ?? 0);
  const busy = all.filter(({ inUseBefore }) => inUseBefore > disturbing).map(({ id }) => id);
  return [
    `Runs of ours a row: ${Math.min(...runs)} to ${Math.max(...runs)}. Training sentences/s count from the loaded model to the last validation, and so hold`,
    "tokenisation, our compilation and validation; seconds are those of whole processes, with Node's or Python's start. The peer's",
    'program is `scripts/bench/peer.py`; ours are `frostline train --json` and `frostline embed`, features from a cold cache, files from a warm',
    'file-system cache. Peak memory is the most that the process ever held (VmHWM).',
    ...(busy.length === 0 ? [] : [`**The machine was busy when these rows began: ${busy.join(', ')}.**`]),
  ].join('\n');
}

function renderAccuracy(results: readonly AccuracyResult[]): string {
  const lines = results.flatMap(({ title, sides }) =>
    Object.keys(sides.ours ?? {}).map((task) => {
      const of = (side: Side): number[] => sides[side]?.[task] ?? [];
      const text = (values: number[]): string =>
        values.length === 0 ? '' : `${percent(mean(values))} (${values.map(percent).join(', ')})`;
      const points = 100 * (mean(of('ours')) - mean(of('torch')));
      const difference =
        of('torch').length === 0 ? '' : `${points >= 0 ? '+' : '−'}${Math.abs(points).toFixed(1)} points`;
      return [title, task, text(of('ours')), text(of('torch')), difference];
    }),
  );
  return `${table(['training', 'task', 'Frostline', 'PyTorch', 'difference'], lines)}\n\nMeans over the seeds 1, 2 and 3; the seeds draw different numbers on either side.`;
}

function renderRoofline(roofline: Roofline): string {
  const { matrices, peakGigaflops, memoryGigabytesPerSecond, training } = roofline;
  const lines = matrices.map(({ m, k, n, transposed, gigaflops }) => [
    `[${m}, ${k}] × [${k}, ${n}]`,
    transposed,
    gigaflops.toFixed(0),
  ]);
  const millions = (count: number): string => `${(count / 1e6).toFixed(1)} million`;
  return [
    'What ONNX Runtime reaches here in a matrix product alone:',
    table(['product', 'stored transposed', 'GFLOP/s'], lines),
    `Memory: ${memoryGigabytesPerSecond.toFixed(1)} GB/s, read and written by a Relu over 268 MB.`,
    [
      `Full training: an epoch after the first took ${training.seconds.toFixed(2)} s for ${training.sentences.toLocaleString('en')} sentences, dropout, Adam and`,
      `everything between the matrix products included. Its matrix products come to ${training.gigaflops.toFixed(0)} GFLOP, so it ran at`,
      `${training.gigaflopsPerSecond.toFixed(0)} GFLOP/s: **${percent(training.shareOfPeak)} of the ${peakGigaflops.toFixed(0)} GFLOP/s** that the fastest product above reaches.`,
      `Counted from ${millions(training.tokens)} tokens, which linear layers compute without padding (2 × inputs × outputs each), and`,
      `${millions(training.pairs)} pairs of tokens in attention, padding within the batch included (4 × hidden size each); backward counts twice forward.`,
    ].join('\n'),
  ].join('\n\n');
}

function value(number: number, { unit }: Pick<Metric, 'unit'>): string {
  const digits = number >= 100 ? 0 : number >= 10 ? 1 : 2;
  return `${number.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`;
}

function memory({ peakBytes }: SideResult): string {
  return peakBytes.length === 0 ? '' : `${Math.round(median(peakBytes) / 2 ** 20).toLocaleString('en')} MiB`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

export function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n');
}
