'use client';

import { ChevronRight } from 'lucide-react';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { formatCount, formatDeviation, plural } from '@/lib/format';
import { isShare } from '@/lib/metrics';
import { regimeNames, regimes } from '@/lib/regime';
import type { RunGroup } from '@/lib/runs/use-run-groups';
import { formatMetric } from './cells';
import type { RunColumn } from './run-columns';
import { rowClass, rowStyle, stickyBox, stickyName, type RowPosition } from './RunRow';
import { stateLooks } from './RunStateBadge';

function Mean({ group, column }: { group: RunGroup; column: RunColumn }) {
  const of = column.key.kind === 'metric' ? column.key.of : 'last';
  const metric = group.metrics.find((one) => one.name === column.metrics[0] && one.of === of);
  if (!metric) return null;
  return (
    <span title={`mean of ${plural(metric.count, 'run')}`}>
      {formatMetric(metric.name, metric.mean)}
      <span className="block text-axis leading-3 text-muted">
        {metric.deviation !== null && `± ${formatDeviation(metric.deviation, isShare(metric.name))} · `}n=
        {formatCount(metric.count)}
      </span>
    </span>
  );
}

/** The heading of a group: what its runs have in common, how many there are, and what they came to on average. */
export function GroupRow({
  group,
  open,
  columns,
  onToggle,
  ...position
}: RowPosition & {
  group: RunGroup;
  open: boolean;
  columns: readonly RunColumn[];
  onToggle(): void;
}) {
  const regime = regimes.find((one) => one === group.value);
  const name = group.value === null ? 'none' : regime ? regimeNames[regime] : group.value;
  const tone = 'bg-sunken';
  return (
    <div
      role="row"
      aria-rowindex={position.rowIndex}
      data-group={group.value ?? ''}
      className={rowClass}
      style={rowStyle(position)}
    >
      <div role="gridcell" className={`${stickyBox} ${tone}`} />
      <div role="rowheader" className={`${stickyName} ${tone}`}>
        <button
          type="button"
          aria-expanded={open}
          onClick={onToggle}
          className="flex min-w-0 items-center gap-1.5 font-medium hover:underline"
        >
          <ChevronRight aria-hidden className={`size-4 shrink-0 ${open ? 'rotate-90' : ''}`} />
          {regime && <RegimeGlyph regime={regime} />}
          <span className={`truncate ${group.value === null ? 'text-muted italic' : ''}`} title={name}>
            {name}
          </span>
          <span className="shrink-0 font-normal text-muted">{formatCount(group.count)}</span>
        </button>
      </div>
      {columns.map((column) => (
        <div
          key={column.id}
          role="gridcell"
          className={`flex min-w-0 items-center px-2 whitespace-nowrap ${tone} ${column.numeric ? 'justify-end text-right' : ''}`}
        >
          {column.id === 'state' ? (
            <span className="flex gap-2">
              {group.states.map(({ state, count }) => {
                const { icon: Icon, tone: colour, name: word } = stateLooks[state];
                return (
                  <span
                    key={state}
                    className="inline-flex items-center gap-0.5"
                    title={`${formatCount(count)} ${word.toLowerCase()}`}
                  >
                    <Icon aria-hidden className={`size-3 ${colour}`} />
                    <span>
                      {formatCount(count)}
                      <span className="sr-only"> {word.toLowerCase()}</span>
                    </span>
                  </span>
                );
              })}
            </span>
          ) : (
            <Mean group={group} column={column} />
          )}
        </div>
      ))}
    </div>
  );
}
