import type { DatasetSummary } from '@/lib/api/use-library';
import { formatCount, formatPercent } from '@/lib/format';

const fills = ['bg-accent', 'bg-accent/70', 'bg-accent/45', 'bg-accent/25'];

/** How a task's labels are spread over its rows: a bar in parts, and the counts in words. */
export function LabelBalance({ task }: { task: DatasetSummary['tasks'][number] }) {
  const labelled = task.classes.reduce((sum, { count }) => sum + count, 0);
  const total = labelled + task.unlabelled;
  const share = (count: number) => (total === 0 ? 0 : count / total);
  return (
    <div className="flex flex-col gap-1.5">
      <span aria-hidden className="flex h-2 overflow-hidden rounded-full bg-line">
        {task.classes.map(({ label, count }, index) => (
          <span
            key={label}
            className={`border-r border-surface ${fills[index % fills.length]}`}
            style={{ width: `${share(count) * 100}%` }}
          />
        ))}
      </span>
      <ul className="flex flex-wrap gap-x-3 gap-y-0.5 text-axis text-muted">
        {task.classes.map(({ label, count }, index) => (
          <li key={label} className="inline-flex items-center gap-1" title={formatPercent(share(count))}>
            <span aria-hidden className={`size-2 rounded-sm ${fills[index % fills.length]}`} />
            {label} <span className="font-medium text-text">{formatCount(count)}</span>
          </li>
        ))}
        {task.unlabelled > 0 && (
          <li>
            not labelled <span className="font-medium text-text">{formatCount(task.unlabelled)}</span>
          </li>
        )}
      </ul>
    </div>
  );
}
