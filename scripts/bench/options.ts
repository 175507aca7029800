import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Ids of the rows to measure; all when empty. */
  rows: string[];
  runs: number;
  /** Whether `--runs` was given, which also repeats what takes the peer long. */
  runsGiven: boolean;
  threads: number;
  /** A CSV with `sentence`, `split` and a column for each task; generated when null. */
  data: string | null;
  model: string;
  /** A Python with torch, transformers and sentence-transformers. */
  python: string | null;
  quick: boolean;
  accuracy: boolean;
  roofline: boolean;
  list: boolean;
}

export const usage = `npm run bench -- [options]
  --rows a,b        rows to measure, by default all (--list tells them)
  --runs N          runs of each side, in turn; 3 by default, once where the peer takes minutes
  --data CSV        sentences to work on; generated when absent
  --model NAME      the backbone (sentence-transformers/all-MiniLM-L6-v2)
  --python PATH     a Python that has torch, transformers and sentence-transformers: the peer (or FROSTLINE_BENCH_PYTHON)
  --threads N       of each side; 2 by default
  --accuracy        compare validation accuracies over three seeds instead
  --no-roofline     do not measure this machine's limits
  --quick           a few rows of data and one run, to see that everything works; writes no table
  --list            the rows, and how long they take; all of them with a peer: 40 minutes, --accuracy 20 more`;

/** What the command line and the environment ask for. */
export function parseOptions(argv: string[], env: NodeJS.ProcessEnv): BenchOptions {
  const { values } = parseArgs({
    args: argv,
    allowNegative: true,
    options: {
      rows: { type: 'string', default: '' },
      runs: { type: 'string' },
      threads: { type: 'string', default: '2' },
      data: { type: 'string' },
      model: { type: 'string', default: 'sentence-transformers/all-MiniLM-L6-v2' },
      python: { type: 'string' },
      quick: { type: 'boolean', default: false },
      accuracy: { type: 'boolean', default: false },
      roofline: { type: 'boolean', default: true },
      list: { type: 'boolean', default: false },
    },
  });
  const runs = values.runs ?? (values.quick ? '1' : '3');
  return {
    rows: values.rows.split(',').filter((id) => id !== ''),
    runs: count('--runs', runs),
    runsGiven: values.runs !== undefined,
    threads: count('--threads', values.threads),
    data: values.data ?? null,
    model: values.model,
    python: values.python ?? (env.FROSTLINE_BENCH_PYTHON || null),
    quick: values.quick,
    accuracy: values.accuracy,
    roofline: values.roofline,
    list: values.list,
  };
}

/** A whole number of at least 1 that an option was given. */
export function count(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`${option}: expected a whole number of at least 1, got ${JSON.stringify(text)}`);
}
