import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { Select } from '@/components/ui/Field';
import type { LabelDoubt } from '@/lib/api/use-vector-reports';
import { formatCount, formatPercent, plural } from '@/lib/format';
import { RowTable } from './RowTable';

function Doubt({ doubt, tasks }: { doubt: LabelDoubt; tasks: readonly string[] }) {
  const { row, label, suggested, suggestedShare, ownShare, neighbours } = doubt;
  return (
    <li data-doubt={row.index} className="border-t border-line">
      <details>
        <summary className="px-4 py-2.5 hover:bg-sunken">
          <span className="break-words">{row.sentence.slice(0, 300)}</span>
          <span className="mt-1 flex flex-wrap gap-x-3 gap-y-1 pl-4 text-table text-muted">
            <span>
              row {row.index}, {row.split.toLowerCase()}
            </span>
            <span>
              labelled <strong className="font-semibold text-text">{label}</strong> like{' '}
              {formatPercent(ownShare)} of the similar rows
            </span>
            <span>
              <strong className="font-semibold text-warn">{suggested}</strong> on{' '}
              {formatPercent(suggestedShare)} of them
            </span>
          </span>
        </summary>
        <RowTable
          label={`Rows similar to row ${row.index}`}
          tasks={tasks}
          rows={neighbours.map(({ row: other, score }) => ({ ...other, score }))}
        />
      </details>
    </li>
  );
}

/** Labels of a task that most of the similar rows do not carry, the most doubtful first. */
export function LabelErrorsCard({
  report,
  tasks,
  task,
  onTask,
  onMore,
}: {
  report: { total: number; labelled: number; doubts: readonly LabelDoubt[] };
  tasks: readonly string[];
  task: string;
  onTask: (task: string) => void;
  /** Shows more of them; null when there are no more to be had. */
  onMore: (() => void) | null;
}) {
  const { total, labelled, doubts } = report;
  return (
    <Card
      title="Labels in doubt"
      note={`${formatCount(total)} of ${plural(labelled, 'labelled row')}`}
      actions={
        <label className="inline-flex items-center gap-2 text-table text-muted">
          Task
          <Select value={task} onChange={(event) => onTask(event.target.value)}>
            {tasks.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </label>
      }
      flush
    >
      {total === 0 ? (
        <p className="px-4 pb-4 text-muted">
          Every labelled row has the label that most of the similar rows have.
        </p>
      ) : (
        <ul aria-label="Labels in doubt">
          {doubts.map((doubt) => (
            <Doubt key={doubt.row.index} doubt={doubt} tasks={tasks} />
          ))}
        </ul>
      )}
      {onMore && (
        <div className="border-t border-line p-3">
          <Button onClick={onMore}>Show more rows</Button>
        </div>
      )}
    </Card>
  );
}
