import { parseArgs } from 'node:util';
import { count } from '../bench/options.js';

export interface TrackerOptions {
  /** Ids of the rows to measure; all when empty. */
  rows: string[];
  runs: number;
  /** A Python that has mlflow and psycopg2: the peer. */
  python: string | null;
  quick: boolean;
  list: boolean;
}

export const usage = `npm run bench:tracker -- [options]
  --rows a,b        rows to measure, by default all (--list tells them)
  --runs N          measurements of each side, in turn, each on an empty database; 3 by default
  --python PATH     a Python that has mlflow and psycopg2-binary: the peer (or FROSTLINE_BENCH_PYTHON)
  --quick           a hundredth of the data and one run, to see that everything works; writes no table
  --list            the rows; all of them take ten minutes, with a peer 15`;

/** What the command line and the environment ask for. */
export function parseOptions(argv: string[], env: NodeJS.ProcessEnv): TrackerOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      rows: { type: 'string', default: '' },
      runs: { type: 'string' },
      python: { type: 'string' },
      quick: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  return {
    rows: values.rows.split(',').filter((id) => id !== ''),
    runs: count('--runs', values.runs ?? (values.quick ? '1' : '3')),
    python: values.python ?? (env.FROSTLINE_BENCH_PYTHON || null),
    quick: values.quick,
    list: values.list,
  };
}
