import { type RunView, showMetric, stateWord } from './runView.js';

const ACCURACY = /^epoch\/(.+)\/accuracy$/;

/** Runs side by side: final loss, accuracy per task, trainable share, seconds. Validation stands beside training where there is one. */
export function comparisonTable(runs: RunView[]): string {
  const names = [...new Set(runs.flatMap(({ metrics }) => metrics.map(({ name }) => name)))];
  const tasks = names.flatMap((name) => ACCURACY.exec(name)?.[1] ?? []);
  const hasValidation = names.includes('validation/loss');
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const number = (value: number): string => value.toFixed(4);
  const columns: [string, (run: RunView) => string][] = [
    ['run', ({ name }) => name],
    ['state', stateWord],
    ['final loss', (run) => showMetric(run, 'epoch/loss', number)],
    ...tasks.map((task): [string, (run: RunView) => string] => [
      `${task} accuracy`,
      (run) => showMetric(run, `epoch/${task}/accuracy`, percent),
    ]),
    ...(hasValidation
      ? [
          [
            'validation loss',
            (run: RunView) => showMetric(run, 'validation/loss', number),
          ] as (typeof columns)[0],
        ]
      : []),
    ['trainable', ({ freeze }) => percent(freeze.trainableShare)],
    ['seconds', ({ cost }) => (cost.computeSeconds === null ? '—' : cost.computeSeconds.toFixed(2))],
  ];
  return layOut([
    columns.map(([title]) => title),
    ...runs.map((run) => columns.map(([, show]) => show(run))),
  ]);
}

/** Columns of text: the first to the left, the others to the right, a rule under the head. */
export function layOut(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
  lines.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '));
  return lines.map((line) => line.trimEnd()).join('\n');
}
