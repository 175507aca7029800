import { RunSwatch } from '@/components/runs/RunSwatch';
import { axisText, type AxisChoice, type ChartLine } from './chart-line';

const MOST_ROWS = 200;

/** The numbers behind a chart, for reading instead of looking. */
export function ChartTable({
  title,
  lines,
  axis,
  format,
}: {
  title: string;
  lines: readonly ChartLine[];
  axis: AxisChoice;
  format: (value: number | null) => string;
}) {
  const places = [...new Set(lines.flatMap((line) => line.xs))].sort((a, b) => a - b);
  const stride = Math.max(1, Math.ceil(places.length / MOST_ROWS));
  const shown = places.filter((_, index) => index % stride === 0 || index === places.length - 1);
  const columns = lines.map((line) => new Map(line.xs.map((x, index) => [x, line.raw[index] ?? Number.NaN])));
  return (
    <div tabIndex={0} role="region" aria-label={`${title} as a table`} className="max-h-80 overflow-auto">
      <table className="table-plain">
        <caption className="sr-only">{title}</caption>
        <thead className="sticky top-0 bg-surface">
          <tr>
            <th scope="col">{axis}</th>
            {lines.map((line) => (
              <th key={line.key} scope="col" className="num">
                <span className="inline-flex items-center gap-1.5">
                  <RunSwatch slot={line.slot} hollow={line.dashed} />
                  {line.label}
                  {line.detail && ` (${line.detail})`}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((x) => (
            <tr key={x}>
              <th scope="row" className="!font-normal">
                {axisText(x, axis)}
              </th>
              {columns.map((column, index) => (
                <td key={lines[index]?.key} className="num">
                  {column.has(x) ? format(column.get(x) ?? null) : ''}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {stride > 1 && (
        <p className="p-2 text-table text-muted">
          {shown.length} of {places.length} places shown.
        </p>
      )}
    </div>
  );
}
