'use client';

import type { TaskEvaluation } from '@/lib/api/use-evaluation';
import { formatCount, formatPercent } from '@/lib/format';

export interface ConfusionCell {
  label: string;
  predicted: string;
}

/**
 * Right classes against predicted ones. A cell's shade is its share of the row, so that rare classes show as clearly as
 * common ones; choosing a cell lists its rows.
 */
export function ConfusionMatrix({
  task,
  chosen,
  onChoose,
}: {
  task: TaskEvaluation;
  chosen: Partial<ConfusionCell>;
  onChoose: (cell: ConfusionCell) => void;
}) {
  const { classes, confusion } = task;
  return (
    <div className="relative overflow-x-auto">
      <table
        className="border-separate border-spacing-0.5 text-table"
        aria-label={`Confusion matrix of ${task.name}`}
      >
        <thead>
          <tr>
            <td />
            <td colSpan={classes.length} className="pb-1 text-axis text-muted">
              predicted →
            </td>
          </tr>
          <tr>
            <th scope="col" className="pr-2 text-left text-axis font-normal text-muted">
              label ↓
            </th>
            {classes.map(({ label }) => (
              <th
                key={label}
                scope="col"
                className="max-w-24 px-1 pb-1 text-center font-medium"
                title={label}
              >
                <span className="block truncate">{label}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map(({ label, support }, actual) => (
            <tr key={label}>
              <th scope="row" className="max-w-32 pr-2 text-right font-medium" title={label}>
                <span className="block truncate">{label}</span>
              </th>
              {classes.map(({ label: predicted }, said) => {
                const count = confusion[actual]?.[said] ?? 0;
                const share = support === 0 ? 0 : count / support;
                const right = actual === said;
                const words = ` of ${formatCount(support)} labelled ${label} taken for ${predicted}, `;
                const colour = right ? 'var(--good)' : 'var(--bad)';
                return (
                  <td key={predicted} className="p-0">
                    <button
                      type="button"
                      title={`${formatCount(count)}${words}${formatPercent(share)}`}
                      aria-pressed={chosen.label === label && chosen.predicted === predicted}
                      onClick={() => onChoose({ label, predicted })}
                      className={`flex h-11 w-full min-w-14 flex-col items-center justify-center rounded-sm border hover:border-line-strong aria-pressed:border-accent aria-pressed:outline-2 aria-pressed:outline-accent ${right ? 'border-line-strong' : 'border-transparent'}`}
                      style={{
                        background: `color-mix(in srgb, ${colour} ${Math.round(share * 38)}%, var(--sunken))`,
                      }}
                    >
                      <span className="font-medium">{formatCount(count)}</span>
                      <span className="sr-only">{words}</span>
                      <span className="text-axis leading-3">{Math.round(share * 100)} %</span>
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
