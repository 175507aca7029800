import { ErrorState } from '@/components/ui/states';
import type { UploadFailure } from '@/lib/api/upload-dataset';
import { formatCount, plural } from '@/lib/format';

/** Why a file was refused: every bad row with its line, as far as the server told them. */
export function UploadFaults({ failure }: { failure: UploadFailure }) {
  const { faults, faultCount } = failure;
  if (faults.length === 0) return <ErrorState error={failure} />;
  return (
    <section role="alert" aria-label="Rows that were refused" className="flex min-w-0 flex-col gap-2">
      <p className="font-medium text-bad">
        {plural(faultCount, 'row')} cannot be read, so nothing was stored.
        {faults.length < faultCount && (
          <span className="font-normal"> The first {formatCount(faults.length)} of them:</span>
        )}
      </p>
      <div
        tabIndex={0}
        role="region"
        aria-label="Bad rows by line"
        className="max-h-56 overflow-auto rounded-md border border-line"
      >
        <table className="table-plain">
          <thead className="sticky top-0 bg-surface">
            <tr>
              <th scope="col" className="num">
                Line
              </th>
              <th scope="col">What is wrong</th>
            </tr>
          </thead>
          <tbody>
            {faults.map(({ line, message }, index) => (
              <tr key={index} data-fault={line}>
                <td className="num">{line}</td>
                <td className="break-words">{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
