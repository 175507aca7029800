import { RandomStream } from '../../experiments/data/random.js';
import type { DatasetRow, Split } from '../../experiments/data/dataset.js';

/** Words of every text, of a topic each, and of a sentiment each; nothing but the mixture tells what a text is about. */
const common =
  `the of and to in that is was for on with as it at by from this be are an has had but not they which one all
  their there when were can more about out into than them some could time other two may first then such over only new also any
  after most should through back before good where much your well down between way because each those people under last made long
  place same year years off while against right three day great still house without again part number world old take know found
  company city night late early called several government report week month group market around company home second given`.split(
    /\s+/,
  );

const topics: Record<string, string[]> = {
  Business:
    `profit shares investors prices oil bank deal merger quarter sales stocks dollar growth economy retailer billion`.split(
      ' ',
    ),
  'Sci/Tech':
    `software internet computer space scientists microsoft research mobile web search users network chip nasa virus`.split(
      ' ',
    ),
  Sports:
    `team season coach game victory championship olympic players league striker innings title cup race goal finals`.split(
      ' ',
    ),
  World:
    `minister president troops election iraq peace talks rebels nuclear parliament police bomb killed border palestinian`.split(
      ' ',
    ),
};

const sentiments: Record<string, string[]> = {
  Negative:
    `dull tedious flat lifeless bland mess boring awkward stale contrived tiresome hollow clumsy pointless forgettable`.split(
      ' ',
    ),
  Positive:
    `charming funny moving delightful superb touching gripping clever warm wonderful brilliant fresh tender engaging witty`.split(
      ' ',
    ),
};

const film =
  `film movie story director actor comedy drama scene script audience performance characters screen humor`.split(
    ' ',
  );
/** Names are what word pieces cut up. */
const syllables = `ba kor li men ta ro shev ni dal gu vis tor ma pel ari zen ho lu kas mir`.split(' ');

export interface GeneratedSizes {
  train: number;
  validation: number;
  test: number;
}

/**
 * A dataset of the shape of news headlines and film reviews: every other row is labelled with a topic and about 50 word pieces long,
 * the others with a sentiment and about 23. The same seed gives the same rows.
 */
export function generateDataset(sizes: GeneratedSizes, seed = 1): DatasetRow[] {
  const stream = new RandomStream(seed, 'benchmark');
  const splits = Object.entries(sizes).flatMap(([split, count]) => Array<Split>(count).fill(split as Split));
  return splits.map((split, row) => {
    const draws = stream.uniform(row, 512);
    let used = 0;
    const draw = (): number => draws[used++ % draws.length] as number;
    const pick = <T>(items: readonly T[]): T => items[Math.floor(draw() * items.length)] as T;
    const news = row % 2 === 0;
    const labels = news ? topics : sentiments;
    const label = pick(Object.keys(labels));
    const words = news ? 27 + Math.floor(draw() * 29) : 4 + Math.floor(draw() ** 1.2 * 33);
    const text = Array.from({ length: words }, () => {
      const kind = draw();
      if (kind < 0.14) return pick(labels[label] as string[]);
      if (kind < 0.24)
        return news ? capitalise(pick(syllables) + pick(syllables) + pick(syllables)) : pick(film);
      return pick(common);
    });
    const sentence = `${capitalise(text.join(' '))}.`;
    return { sentence, split, labels: { [news ? 'topic' : 'sentiment']: label } };
  });
}

/** Rows as a CSV file, an empty field where a task has no label. */
export function toCsv(rows: readonly DatasetRow[], tasks: readonly string[]): string {
  const quote = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map(({ sentence, split, labels }) =>
    [sentence, ...tasks.map((task) => labels[task] ?? ''), split].map(quote).join(','),
  );
  return `${[['sentence', ...tasks, 'split'].map(quote).join(','), ...lines].join('\n')}\n`;
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
