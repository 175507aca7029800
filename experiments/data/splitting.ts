import { badInput } from '../errors.js';
import { FirstRows } from './firstRows.js';
import { RandomStream } from './random.js';
import { splits, type FileRow, type Split } from './rows.js';
import { sentenceKey } from './sentenceKey.js';

/** How rows that name no split get one: shares of the sentences, and the seed that decides which. */
export interface Splitting {
  validation: number;
  test: number;
  seed: number;
  /** The task whose labels are spread evenly; null: all tasks together. */
  stratifyBy: string | null;
}

/** Shares are taken to the millionth, so that they count out exactly. */
const million = 1_000_000;
const mostSeed = 2 ** 31 - 1;
/** Groups of rows that carry the same labels. */
const mostStrata = 10_000;
const unset = 255;
const trainIndex = splits.indexOf('train');

/** Fills in what was not said and checks the rest; `path` is where it stands in the input. */
export function checkSplitting(
  input: {
    validation?: number | null;
    test?: number | null;
    seed?: number | null;
    stratifyBy?: string | null;
  },
  path: string,
): Splitting {
  const share = (name: 'validation' | 'test'): number => {
    const value = input[name] ?? 0;
    if (value >= 0 && value < 1) return Math.round(value * million) / million;
    throw badInput(`${path}.${name}: expected a share from 0 to below 1, got ${value}`, {
      path: `${path}.${name}`,
    });
  };
  const [validation, test] = [share('validation'), share('test')];
  const held = Math.round((validation + test) * million);
  if (held === 0 || held >= million) {
    const message = `${path}: expected validation and test to take more than none and less than all of the rows`;
    throw badInput(message, { path });
  }
  const seed = input.seed ?? 42;
  if (!Number.isInteger(seed) || seed < 0 || seed > mostSeed)
    throw badInput(`${path}.seed: expected a whole number from 0 to ${mostSeed}, got ${seed}`, {
      path: `${path}.seed`,
    });
  return { validation, test, seed, stratifyBy: input.stratifyBy ?? null };
}

/**
 * Draws splits. Each group of rows that carry the same labels is shared out alike; rows that name a split keep it; and rows of
 * the same sentence stay together, so that what is evaluated on was not trained on. Takes the rows one by one and keeps some
 * twenty bytes of each.
 */
export class SplitDrawer {
  private readonly strata = new Map<string, number>();
  private readonly firstRows = new FirstRows();
  /** By row: its stratum, the first row with its sentence, and its split as an index into `splits`. */
  private stratumOf = new Int32Array(1024);
  private firstOf = new Int32Array(1024);
  private splitOf = new Uint8Array(1024);
  private count = 0;
  /** Rows that name no split. */
  private open = 0;

  constructor(private readonly splitting: Splitting) {}

  /** Whether there is anything to draw. */
  get isNeeded(): boolean {
    return this.open > 0;
  }

  add({ sentence, split, labels }: FileRow): void {
    const row = this.count++;
    if (row === this.splitOf.length) this.grow();
    this.stratumOf[row] = this.stratum(labels);
    const first = this.firstRows.of(sentenceKey(sentence), row);
    this.firstOf[row] = first;
    this.splitOf[row] = split === null ? unset : splits.indexOf(split);
    if (split === null) this.open++;
    // Whoever has the sentence of a row with a split goes where that row is.
    else if (this.splitOf[first] === unset) this.splitOf[first] = splits.indexOf(split);
  }

  /** The split of each row. */
  draw(): (row: number) => Split {
    const { splitting, firstOf } = this;
    const validation = Math.round(splitting.validation * million);
    const held = validation + Math.round(splitting.test * million);
    let seen = 0;
    let heldOut = 0;
    for (const row of this.shuffled()) {
      seen++;
      if (share(seen, held, million) === share(seen - 1, held, million)) {
        this.splitOf[row] = trainIndex;
        continue;
      }
      heldOut++;
      const isValidation = share(heldOut, validation, held) > share(heldOut - 1, validation, held);
      this.splitOf[row] = splits.indexOf(isValidation ? 'validation' : 'test');
    }
    return (row) => splits[this.splitOf[row] === unset ? this.splitOf[firstOf[row]!]! : this.splitOf[row]!]!;
  }

  /** First rows of sentences without a split: stratum by stratum, in random order within each. */
  private shuffled(): number[] {
    const order = new RandomStream(this.splitting.seed, 'splits').permutation(this.count, 0);
    const groups: number[][] = [...this.strata].map(() => []);
    for (const row of order) {
      if (this.firstOf[row] === row && this.splitOf[row] === unset) groups[this.stratumOf[row]!]!.push(row);
    }
    const byLabels = [...this.strata].sort(([a], [b]) => (a < b ? -1 : 1));
    return byLabels.flatMap(([, stratum]) => groups[stratum]!);
  }

  private stratum(labels: Record<string, string>): number {
    const { stratifyBy } = this.splitting;
    const key =
      stratifyBy === null
        ? JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
        : JSON.stringify(Object.hasOwn(labels, stratifyBy) ? labels[stratifyBy] : null);
    const known = this.strata.get(key);
    if (known !== undefined) return known;
    if (this.strata.size === mostStrata) {
      const what = stratifyBy === null ? 'combinations of labels; name one task' : `labels of ${stratifyBy}`;
      const path = 'splitting.stratifyBy';
      throw badInput(`${path}: expected at most ${mostStrata} ${what}`, { path });
    }
    this.strata.set(key, this.strata.size);
    return this.strata.size - 1;
  }

  private grow(): void {
    const length = this.splitOf.length * 2;
    const grown = <Values extends Int32Array | Uint8Array>(into: Values, values: Values): Values => {
      into.set(values);
      return into;
    };
    this.stratumOf = grown(new Int32Array(length), this.stratumOf);
    this.firstOf = grown(new Int32Array(length), this.firstOf);
    this.splitOf = grown(new Uint8Array(length), this.splitOf);
  }
}

/** Whole units of `of` that the first `count` get at `rate`. */
function share(count: number, rate: number, of: number): number {
  return Math.floor((count * rate) / of);
}
