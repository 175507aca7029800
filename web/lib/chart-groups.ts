/** Which charts a set of metrics makes: one for each measure, training and validation together. */

export interface ChartGroup {
  title: string;
  /** Training first, then validation. */
  metrics: string[];
}

interface ChartGroups {
  /** Losses and accuracies: what a reader looks at first. */
  main: ChartGroup[];
  more: ChartGroup[];
}

const titles: Record<string, string> = {
  loss: 'loss',
  accuracy: 'accuracy',
  macroF1: 'macro-F1',
  learningRate: 'Learning rate',
  lossSum: 'Loss sum of an epoch',
  seconds: 'Seconds of an epoch',
};

function titleOf(task: string | null, measure: string): string {
  const name = titles[measure] ?? measure;
  if (task !== null) return `${task} · ${name}`;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/**
 * Sorts metrics into charts. The loss chart takes the steps' loss where there is one (the epochs' mean says the same
 * with fewer points); accuracies take the epochs'.
 */
export function chartGroups(names: readonly string[]): ChartGroups {
  const present = new Set(names);
  const taken = new Set<string>();
  const group = (title: string, ...metrics: string[]): ChartGroup | null => {
    const found = metrics.filter((metric) => present.has(metric));
    for (const metric of found) taken.add(metric);
    return found.length === 0 ? null : { title, metrics: found };
  };
  const tasks = [
    ...new Set(
      names
        .map((name) => name.split('/'))
        .filter((parts) => parts.length > 2 && ['train', 'epoch', 'validation'].includes(parts[0] ?? ''))
        .map((parts) => parts.slice(1, -1).join('/')),
    ),
  ];
  const stepLoss = present.has('train/loss') ? 'train/loss' : 'epoch/loss';
  const main = [
    group(titleOf(null, 'loss'), stepLoss, 'validation/loss'),
    ...tasks.map((task) =>
      group(titleOf(task, 'accuracy'), `epoch/${task}/accuracy`, `validation/${task}/accuracy`),
    ),
    ...tasks.map((task) => group(titleOf(task, 'loss'), `train/${task}/loss`, `validation/${task}/loss`)),
  ];
  const more = [
    ...tasks.map((task) => group(titleOf(task, 'macroF1'), `validation/${task}/macroF1`)),
    group('Mean loss of an epoch', 'epoch/loss'),
    ...names
      .filter((name) => !taken.has(name) && name !== 'epoch/loss')
      .map((name) => (taken.has(name) ? null : group(titles[name.split('/').at(-1) ?? ''] ?? name, name))),
  ];
  const kept = (groups: (ChartGroup | null)[]) =>
    groups.filter((entry): entry is ChartGroup => entry !== null);
  return { main: kept(main), more: kept(more) };
}
