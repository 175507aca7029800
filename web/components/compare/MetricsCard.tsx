'use client';

import { useState } from 'react';
import { metricFormat } from '@/components/charts/chart-line';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import type { Comparison } from '@/lib/api/use-comparison';
import { plural } from '@/lib/format';
import { parseMetricName } from '@/lib/metrics';
import type { ComparedRun } from './compared';
import { Delta } from './Delta';
import { RunColumnHeads } from './RunColumns';

/** Metrics most readers ask for: what epochs and evaluations report, not every step's. */
function isHeadline(name: string): boolean {
  const { phase } = parseMetricName(name);
  return phase === 'epoch' || phase === 'validation';
}

function order(name: string): number {
  const { phase, task } = parseMetricName(name);
  return (
    (phase === 'validation' ? 0 : phase === 'epoch' ? 10 : phase === 'train' ? 20 : 30) +
    (task === null ? 0 : 1)
  );
}

/** Last values of the metrics, with signed differences to the baseline. */
export function MetricsCard({ comparison, runs }: { comparison: Comparison; runs: readonly ComparedRun[] }) {
  const [all, setAll] = useState(false);
  const sorted = [...comparison.metrics].sort(
    (a, b) => order(a.name) - order(b.name) || a.name.localeCompare(b.name),
  );
  const headline = sorted.filter((metric) => isHeadline(metric.name));
  const shown = all || headline.length === 0 ? sorted : headline;
  return (
    <Card
      title="Metrics"
      note="last values; differences to the baseline; bold is best"
      flush
      actions={
        headline.length > 0 &&
        headline.length < sorted.length && (
          <Button small onClick={() => setAll(!all)}>
            {all ? 'Fewer' : `All ${plural(sorted.length, 'metric')}`}
          </Button>
        )
      }
    >
      <div
        className="relative overflow-x-auto border-t border-line"
        tabIndex={0}
        role="region"
        aria-label="Metrics by run"
      >
        <table className="table-plain">
          <caption className="sr-only">Metrics of the compared runs</caption>
          <RunColumnHeads runs={runs} first="Metric" />
          <tbody>
            {shown.map((metric) => {
              const format = metricFormat(metric.name);
              return (
                <tr key={metric.name} data-metric={metric.name}>
                  <th
                    scope="row"
                    className="sticky left-0 z-[1] bg-surface font-mono !font-normal !text-text"
                  >
                    {metric.name}
                  </th>
                  {runs.map(({ run, baseline }, index) => (
                    <td key={run.id} className="num" data-run={run.id}>
                      <span
                        data-value={metric.values[index] ?? ''}
                        className={metric.bestRun === run.id ? 'font-semibold' : undefined}
                      >
                        {format(metric.values[index] ?? null)}
                      </span>
                      {!baseline && metric.deltas[index] !== null && (
                        <div>
                          <Delta
                            metric={metric.name}
                            delta={metric.deltas[index] ?? null}
                            higherIsBetter={metric.higherIsBetter}
                          />
                        </div>
                      )}
                    </td>
                  ))}
                </tr>
              );
            })}
            {shown.length === 0 && (
              <tr>
                <td colSpan={runs.length + 1} className="text-muted">
                  None of these runs has logged a metric.
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
