'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import type { DatasetTaskDetail } from '@/lib/api/use-datasets';
import { formatCount, formatPercent, plural } from '@/lib/format';

const splits = ['train', 'validation', 'test'] as const;
type SplitName = (typeof splits)[number];

const MOST_CLASSES = 10;
/** A label whose shares of two splits lie further apart than this is worth a look, if there are rows enough to say so. */
const SKEW = 0.1;
const ENOUGH = 30;

/** What the labels of a task should make one wonder about. */
export function labelWarnings(task: DatasetTaskDetail): string[] {
  const { labelled, classes } = task;
  const warnings: string[] = [];
  for (const split of ['validation', 'test'] as const) {
    if (labelled[split] === 0) continue;
    const unseen = classes.filter((one) => one.train === 0 && one[split] > 0);
    if (unseen.length > 0)
      warnings.push(`${split} has labels that train has not: ${some(unseen.map(({ label }) => label))}.`);
    const absent = classes.filter((one) => one.train > 0 && one[split] === 0);
    if (absent.length > 0) warnings.push(`${split} never has ${some(absent.map(({ label }) => label))}.`);
    if (labelled.train < ENOUGH || labelled[split] < ENOUGH) continue;
    const skewed = classes.filter(
      (one) => Math.abs(one.train / labelled.train - one[split] / labelled[split]) > SKEW,
    );
    if (skewed.length > 0)
      warnings.push(
        `The share of ${some(skewed.map(({ label }) => label))} differs by more than ${SKEW * 100} points between train and ${split}.`,
      );
  }
  return warnings;
}

function some(labels: readonly string[]): string {
  return labels.length <= 3
    ? labels.join(', ')
    : `${labels.slice(0, 3).join(', ')} and ${labels.length - 3} more`;
}

function Cell({ count, of }: { count: number; of: number }) {
  const share = of === 0 ? 0 : count / of;
  return (
    <td className="num">
      <span className="flex items-center justify-end gap-2">
        <span aria-hidden className="hidden h-1.5 w-16 overflow-hidden rounded-full bg-line sm:block">
          <span className="block h-full bg-accent" style={{ width: `${share * 100}%` }} />
        </span>
        <span className="min-w-10 font-medium">{formatCount(count)}</span>
        <span className="hidden w-14 text-muted sm:inline">{formatPercent(share)}</span>
      </span>
    </td>
  );
}

/** How the labels of one task are spread over the rows of each split. */
export function LabelDistribution({ task }: { task: DatasetTaskDetail }) {
  const [all, setAll] = useState(false);
  const { name, labelled, classes, classCount, unlabelled } = task;
  const shown: SplitName[] = splits.filter((split) => labelled[split] > 0);
  const total = labelled.train + labelled.validation + labelled.test;
  const sorted = [...classes].sort((a, b) => b.count - a.count);
  const listed = all ? sorted : sorted.slice(0, MOST_CLASSES);
  const warnings = labelWarnings(task);
  return (
    <Card
      title={name}
      note={`${plural(classCount, 'label')} on ${plural(total, 'row')}${unlabelled > 0 ? ` · ${formatCount(unlabelled)} not labelled` : ''}`}
      flush
    >
      <div tabIndex={0} role="region" aria-label={`Labels of ${name}`} className="overflow-x-auto">
        <table className="table-plain" data-task={name}>
          <thead>
            <tr>
              <th scope="col">Label</th>
              {shown.map((split) => (
                <th key={split} scope="col" className="num">
                  {split}
                </th>
              ))}
              {shown.length > 1 && (
                <th scope="col" className="num">
                  all
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {listed.map((one) => (
              <tr key={one.label} data-label={one.label}>
                <th scope="row" className="min-w-24 break-words text-text!">
                  {one.label}
                </th>
                {shown.map((split) => (
                  <Cell key={split} count={one[split]} of={labelled[split]} />
                ))}
                {shown.length > 1 && <Cell count={one.count} of={total} />}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length > listed.length && (
        <div className="px-4 pt-1 pb-3">
          <Button small onClick={() => setAll(true)}>
            Show all {formatCount(sorted.length)}
            {sorted.length < classCount && ` most frequent of ${formatCount(classCount)}`}
          </Button>
        </div>
      )}
      {warnings.length > 0 && (
        <ul className="flex flex-col gap-1 px-4 pt-1 pb-3 text-table text-warn">
          {warnings.map((warning) => (
            <li key={warning} className="break-words">
              {warning}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
