import { useMemo } from 'react';
import { cosine } from '@/lib/cosine';

/** Cosine of every pair of sentences, as numbers on a tint that deepens with likeness. */
export function SimilarityMatrix({
  sentences,
  vectors,
}: {
  sentences: readonly string[];
  vectors: readonly number[][];
}) {
  const matrix = useMemo(() => vectors.map((a) => vectors.map((b) => cosine(a, b))), [vectors]);
  return (
    <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label="Cosine similarity">
      <table className="border-separate border-spacing-0.5 p-4 pt-0 text-table">
        <caption className="sr-only">Cosine similarity of every pair of sentences</caption>
        <thead>
          <tr>
            <td />
            {sentences.map((sentence, index) => (
              <th key={index} scope="col" title={sentence} className="w-14 font-medium text-muted">
                {index + 1}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sentences.map((sentence, row) => (
            <tr key={row}>
              <th
                scope="row"
                title={sentence}
                className="max-w-36 truncate pr-2 text-left font-normal sm:max-w-96"
              >
                <span className="text-muted">{row + 1}</span> {sentence}
              </th>
              {matrix[row]?.map((value, column) => (
                <td
                  key={column}
                  data-cosine={value.toFixed(6)}
                  title={`${row + 1} and ${column + 1}: ${value.toFixed(4)}`}
                  className="h-9 w-14 min-w-14 rounded text-center"
                  style={{
                    background: `color-mix(in srgb, var(--accent) ${Math.round(Math.max(0, value) * 45)}%, var(--sunken))`,
                  }}
                >
                  {value.toFixed(3).replace('-', '−')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
