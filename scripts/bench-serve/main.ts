import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { comparePrecisions } from '../../experiments/advice/comparePrecisions.js';
import { readDatasetFile } from '../../experiments/data/dataset.js';
import { resolveModel } from '../../experiments/models/resolver.js';
import { describeMachine, disturbing, processorsInUse } from '../bench/machine.js';
import { layOutWork, root } from '../bench/workplace.js';
import { bulk } from './bulk.js';
import { overHttp } from './overHttp.js';
import { renderReport } from './report.js';
import { similarity } from './similarity.js';
import type { ServeBench } from './serveBench.js';

const usage = `npm run bench:serve -- [options]
  --data CSV          sentences to work on; generated when absent
  --model NAME        the backbone (sentence-transformers/all-MiniLM-L6-v2)
  --python PATH       a Python with sentence-transformers, fastapi and uvicorn: the peer (or FROSTLINE_BENCH_PYTHON)
  --python-int8 PATH  one whose sentence-transformers has its ONNX backend too, for the peer in int8
  --threads N         of each side; 2 by default
  --runs N            of the bulk row, in turn; 3 by default
  --quick             little of everything, to see that it works; writes no page`;

/** `npm run bench:serve`: embedding in bulk and over HTTP against sentence-transformers, search, and the quality of each precision. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      model: { type: 'string', default: 'sentence-transformers/all-MiniLM-L6-v2' },
      python: { type: 'string' },
      'python-int8': { type: 'string' },
      threads: { type: 'string', default: '2' },
      runs: { type: 'string', default: '3' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const tell = (line: string): void => void process.stdout.write(`${line}\n`);
  if (values.help) return tell(usage);
  if ((await processorsInUse()) > disturbing)
    tell('note: something else is using this machine; the numbers will be worse than it can do');
  const place = await layOutWork({
    model: values.model,
    data: values.data ?? null,
    python: values.python ?? (process.env.FROSTLINE_BENCH_PYTHON || null),
    threads: Number(values.threads),
    quick: values.quick,
  });
  const bench: ServeBench = {
    model: place.model,
    modelId: values.model,
    sentences: place.sentences.trimEnd().split('\n'),
    threads: place.threads,
    runs: values.quick ? 1 : Number(values.runs),
    quick: values.quick,
    python: place.python,
    pythonInt8: values['python-int8'] ?? null,
    tell,
  };
  const report = renderReport({
    machine: describeMachine(),
    threads: bench.threads,
    runs: bench.runs,
    data: `${bench.sentences.length} sentences, ${place.description}`,
    peers: [bench.python, bench.pythonInt8].flatMap((python) =>
      python === null ? [] : [versionsOf(python)],
    ),
    bulk: await bulk(bench),
    served: await overHttp(bench),
    searchMs: await similarity(bench),
    precisions: await comparePrecisions(
      await resolveModel(bench.model, { cacheFolder: join(root, '.frostline', 'cache') }),
      await readDatasetFile(place.data.csv),
      { threads: bench.threads },
    ),
  });
  if (bench.quick) return tell(`\n${report}`);
  mkdirSync(join(root, 'docs'), { recursive: true });
  writeFileSync(join(root, 'docs', 'benchmarks-serving.md'), report);
  tell('wrote docs/benchmarks-serving.md');
}

function versionsOf(python: string): string {
  const script = join(root, 'scripts', 'bench-serve', 'peer.py');
  const versions = JSON.parse(execFileSync(python, [script, 'versions'], { encoding: 'utf8' })) as object;
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

await main();
