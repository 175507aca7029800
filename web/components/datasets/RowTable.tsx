import { formatCount } from '@/lib/format';
import type { Split } from '@/lib/generated/graphql';

interface TableRow {
  index: number;
  sentence: string;
  split: Split;
  labels: readonly { task: string; label: string }[];
  /** How similar it is to the row that is spoken of. */
  score?: number;
}

/** A few rows with their splits and labels, under a line that tells what they have in common. */
export function RowTable({
  label,
  tasks,
  rows,
  total = rows.length,
}: {
  label: string;
  tasks: readonly string[];
  rows: readonly TableRow[];
  /** How many there are, shown or not. */
  total?: number;
}) {
  const scored = rows.some(({ score }) => score !== undefined);
  return (
    <div tabIndex={0} role="region" aria-label={label} className="overflow-x-auto pb-2">
      <table className="table-plain">
        <thead>
          <tr>
            <th scope="col" className="num">
              #
            </th>
            {scored && (
              <th scope="col" className="num" title="Cosine of the two vectors">
                Cosine
              </th>
            )}
            <th scope="col">Sentence</th>
            <th scope="col">Split</th>
            {tasks.map((task) => (
              <th key={task} scope="col">
                {task}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.index}>
              <td className="num text-muted">{row.index}</td>
              {scored && <td className="num">{row.score?.toFixed(4)}</td>}
              <td className="min-w-48 break-words">{row.sentence.slice(0, 300)}</td>
              <td>{row.split.toLowerCase()}</td>
              {tasks.map((task) => (
                <td key={task}>{row.labels.find((one) => one.task === task)?.label ?? '—'}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length < total && (
        <p className="px-4 text-table text-muted">
          The first {rows.length} of {formatCount(total)} rows.
        </p>
      )}
    </div>
  );
}
