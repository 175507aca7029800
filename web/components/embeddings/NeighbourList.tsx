import { formatNumber } from '@/lib/format';
import type { Neighbour } from '@/lib/projection/neighbours';
import type { MapRow } from './map-option';

/** What lies nearest to a row in the full space, by each set of weights; what only one of them finds is marked. */
export function NeighbourList({
  row,
  rows,
  before,
  after,
  onPin,
}: {
  row: number;
  rows: readonly MapRow[];
  before: readonly Neighbour[];
  after: readonly Neighbour[];
  onPin: (row: number) => void;
}) {
  const lists = [
    ['Before training', before, after],
    ['After training', after, before],
  ] as const;
  return (
    <div className="flex flex-col gap-3 text-table">
      <p className="font-medium break-words">{rows[row]?.sentence}</p>
      {lists.map(([title, own, other]) => (
        <section key={title} aria-label={`Nearest: ${title.toLowerCase()}`}>
          <h3 className="mb-1 text-muted">{title}</h3>
          <ol className="flex flex-col">
            {own.map(({ row: neighbour, cosine }) => (
              <li key={neighbour}>
                <button
                  type="button"
                  onClick={() => onPin(neighbour)}
                  title={rows[neighbour]?.facts.map(([name, value]) => `${name}: ${value}`).join(', ')}
                  className="flex w-full items-baseline gap-2 rounded px-1 py-0.5 text-left hover:bg-sunken"
                >
                  <span className="shrink-0 text-muted">{formatNumber(Number(cosine.toFixed(3)))}</span>
                  <span className="min-w-0 flex-1 truncate">{rows[neighbour]?.sentence}</span>
                  {!other.some((each) => each.row === neighbour) && (
                    <span className="shrink-0 text-axis text-muted">only here</span>
                  )}
                </button>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}
