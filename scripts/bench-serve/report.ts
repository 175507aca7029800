import type { PrecisionReport } from '../../experiments/advice/comparePrecisions.js';
import type { Machine } from '../bench/machine.js';
import type { Served } from './overHttp.js';
import type { Contender } from './serveBench.js';

export interface ServeResults {
  machine: Machine;
  threads: number;
  /** Of each side in bulk; over HTTP there is one. */
  runs: number;
  data: string;
  /** Versions, a line for each Python. */
  peers: string[];
  bulk: Map<Contender, number>;
  served: Map<Contender, Served>;
  searchMs: number;
  precisions: PrecisionReport[];
}

/** What has to be reached. */
const targets = { float32: 2.4, int8: 1.3, http: 2, tail: 5, searchMs: 100, cosine: 0.995 };

/** The page docs/benchmarks-serving.md. */
export function renderReport(results: ServeResults): string {
  const { machine, threads, runs, data, peers, searchMs } = results;
  return `${[
    '# Benchmarks of serving',
    'Written by `npm run bench:serve`. The peer is sentence-transformers; over HTTP behind a small FastAPI server (`scripts/bench-serve/peer.py`).',
    [
      `- ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}; ${threads} threads a side`,
      `- Frostline at ${machine.commit}, Node ${machine.node}, ONNX Runtime ${machine.onnxRuntime}`,
      ...peers.map((versions) => `- a peer: ${versions}`),
      `- data: ${data}; bulk runs a side: ${runs}; measured ${new Date().toISOString().slice(0, 10)}`,
    ].join('\n'),
    '## In bulk',
    renderBulk(results),
    '## Over HTTP: 32 clients of one sentence each',
    renderServed(results),
    '## Search',
    `The ten most similar of 1,000,000 vectors of 384 numbers, exactly: ${searchMs.toFixed(1)} ms (target: under ${targets.searchMs} ms).`,
    '## What a precision costs in quality',
    renderPrecisions(results),
  ].join('\n\n')}\n`;
}

function renderBulk({ bulk }: ServeResults): string {
  const rows = (['float32', 'int8'] as const).flatMap((precision) => {
    const ours = bulk.get(`frostline ${precision}`);
    const theirs = bulk.get(`peer ${precision}`);
    return ours === undefined
      ? []
      : [
          [
            precision,
            ours.toFixed(0),
            theirs?.toFixed(0) ?? '',
            theirs === undefined ? '' : `${(ours / theirs).toFixed(2)} ×`,
            `≥ ${targets[precision]} ×`,
          ],
        ];
  });
  return table(['precision', 'Frostline, sentences/s', 'peer, sentences/s', 'ratio', 'target'], rows);
}

function renderServed({ served }: ServeResults): string {
  const peer = served.get('peer float32');
  const rows = [...served].map(([contender, { requestsPerSecond, p50Ms, p99Ms }]) => [
    contender,
    requestsPerSecond.toFixed(0),
    peer === undefined || contender.startsWith('peer')
      ? ''
      : `${(requestsPerSecond / peer.requestsPerSecond).toFixed(2)} × (target ≥ ${targets.http} ×)`,
    `${p50Ms.toFixed(1)} ms`,
    `${p99Ms.toFixed(1)} ms`,
    `${(p99Ms / p50Ms).toFixed(1)}${contender.startsWith('peer') ? '' : ` (target < ${targets.tail})`}`,
  ]);
  return table(['server', 'requests/s', 'to the peer', 'p50', 'p99', 'p99 / p50'], rows);
}

function renderPrecisions({ precisions }: ServeResults): string {
  const tasks = Object.keys(precisions[0]!.probes);
  const rows = precisions.map(({ precision, cosine, probes }) => [
    precision,
    `${cosine.mean.toFixed(5)} (target ≥ ${targets.cosine})`,
    cosine.least.toFixed(4),
    ...tasks.map((task) => {
      const { accuracy, standardError } = probes[task]!;
      return `${(100 * accuracy).toFixed(1)} ± ${(100 * standardError).toFixed(1)} %`;
    }),
  ]);
  const header = [
    'precision',
    'mean cosine to float32',
    'least',
    ...tasks.map((task) => `${task}: linear probe`),
  ];
  return `${table(header, rows)}\n\n\`frostline precisions FILE --model M\` measures the same on other data.`;
}

function table(header: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
