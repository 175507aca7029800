import type { TaskEvaluation } from '@/lib/api/use-evaluation';
import { formatCount, formatPercent, MISSING } from '@/lib/format';

/** How each class fared. */
export function ClassTable({ task }: { task: TaskEvaluation }) {
  const percent = (value: number | null) => (value === null ? MISSING : formatPercent(value));
  return (
    <div
      role="region"
      aria-label={`Scores of ${task.name}`}
      tabIndex={0}
      className="relative min-w-0 overflow-x-auto"
    >
      <table className="table-plain" aria-label={`Classes of ${task.name}`}>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" className="num">
              Rows
            </th>
            <th scope="col" className="num">
              Predicted
            </th>
            <th scope="col" className="num">
              Precision
            </th>
            <th scope="col" className="num">
              Recall
            </th>
            <th scope="col" className="num">
              F1
            </th>
          </tr>
        </thead>
        <tbody>
          {task.classes.map(({ label, support, predicted, precision, recall, f1 }) => (
            <tr key={label} data-class={label}>
              <th scope="row" className="font-medium text-text!">
                {label}
              </th>
              <td className="num">{formatCount(support)}</td>
              <td className="num">{formatCount(predicted)}</td>
              <td className="num">{percent(precision)}</td>
              <td className="num">{percent(recall)}</td>
              <td className="num font-medium">{percent(f1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
