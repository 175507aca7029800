import type { TableData } from '@/lib/table-data';

const MOST_ROWS = 500;

/** A table of numbers behind a chart. */
export function DataTable({
  title,
  data,
  format,
}: {
  title: string;
  data: TableData;
  /** How numbers are written, by column; text stays as it is. */
  format: readonly ((value: number | null) => string)[];
}) {
  const rows = data.rows.slice(0, MOST_ROWS);
  return (
    <div tabIndex={0} role="region" aria-label={`${title} as a table`} className="max-h-80 overflow-auto">
      <table className="table-plain">
        <caption className="sr-only">{title}</caption>
        <thead className="sticky top-0 bg-surface">
          <tr>
            {data.columns.map((column, index) => (
              <th key={index} scope="col" className={index === 0 ? undefined : 'num'}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} className={column === 0 ? undefined : 'num'}>
                  {typeof cell === 'string' ? cell : (format[column] ?? String)(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length < data.rows.length && (
        <p className="p-2 text-table text-muted">
          {rows.length} of {data.rows.length} rows shown.
        </p>
      )}
    </div>
  );
}
