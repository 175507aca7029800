import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { Select } from '@/components/ui/Field';
import type { NearDuplicate } from '@/lib/api/use-vector-reports';
import { formatCount } from '@/lib/format';
import { Mark } from './Mark';
import { RowTable } from './RowTable';

/** Cosines from which on a pair may count as nearly the same. */
export const thresholds = ['0.9', '0.95', '0.98', '0.99'] as const;

function Pair({ pair, tasks }: { pair: NearDuplicate; tasks: readonly string[] }) {
  const { first, second, score, crossesSplits, conflictingTasks } = pair;
  return (
    <li data-pair={`${first.index} ${second.index}`} className="border-t border-line">
      <details>
        <summary className="px-4 py-2.5 hover:bg-sunken">
          <span className="break-words">{first.sentence.slice(0, 300)}</span>
          <span className="mt-1 block pl-4 break-words">{second.sentence.slice(0, 300)}</span>
          <span className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 pl-4 text-table text-muted">
            <span title="Cosine of the two vectors">{score.toFixed(4)}</span>
            {crossesSplits && <Mark>across splits</Mark>}
            {conflictingTasks.length > 0 && (
              <Mark>{`labels of ${conflictingTasks.join(', ')} contradict`}</Mark>
            )}
          </span>
        </summary>
        <RowTable label={`Rows ${first.index} and ${second.index}`} tasks={tasks} rows={[first, second]} />
      </details>
    </li>
  );
}

/** Pairs of rows that say nearly the same, the most similar first. */
export function NearDuplicatesCard({
  report,
  tasks,
  threshold,
  onThreshold,
  onMore,
}: {
  report: { total: number; pairs: readonly NearDuplicate[] };
  tasks: readonly string[];
  threshold: string;
  onThreshold: (threshold: string) => void;
  /** Shows more of them; null when there are no more to be had. */
  onMore: (() => void) | null;
}) {
  const { total, pairs } = report;
  return (
    <Card
      title="Near-duplicates"
      note={
        pairs.length < total ? `${formatCount(pairs.length)} of ${formatCount(total)}` : formatCount(total)
      }
      actions={
        <label className="inline-flex items-center gap-2 text-table text-muted">
          Cosine of at least
          <Select value={threshold} onChange={(event) => onThreshold(event.target.value)}>
            {thresholds.map((value) => (
              <option key={value}>{value}</option>
            ))}
          </Select>
        </label>
      }
      flush
    >
      {total === 0 ? (
        <p className="px-4 pb-4 text-muted">No two rows are that similar.</p>
      ) : (
        <ul aria-label="Near-duplicates">
          {pairs.map((pair) => (
            <Pair key={`${pair.first.index} ${pair.second.index}`} pair={pair} tasks={tasks} />
          ))}
        </ul>
      )}
      {onMore && (
        <div className="border-t border-line p-3">
          <Button onClick={onMore}>Show more pairs</Button>
        </div>
      )}
    </Card>
  );
}
