import { Card } from '@/components/ui/Card';
import { Ago } from '@/components/ui/Values';
import type { AliasMove } from '@/lib/api/use-models';
import { formatNumber } from '@/lib/format';

function what({ fromVersion, toVersion }: AliasMove): string {
  if (toVersion === null) return `taken away from version ${fromVersion}`;
  return fromVersion === null
    ? `set to version ${toVersion}`
    : `moved from version ${fromVersion} to ${toVersion}`;
}

function Gate({ gate }: { gate: NonNullable<AliasMove['gate']> }) {
  const { metric, dataset, split, candidate, current, passed, problem } = gate;
  return (
    <p className={passed ? 'text-muted' : 'text-warn'}>
      {problem ??
        `${metric} ${formatNumber(candidate)} against ${formatNumber(current)} on ${split.toLowerCase()} of ${dataset}`}
      {passed ? ' · passed the gate' : ' · against the gate'}
    </p>
  );
}

/** How aliases moved: who moved which where, why, and what the gate found. */
export function HistoryCard({ history }: { history: readonly AliasMove[] }) {
  return (
    <Card title="Alias history">
      {history.length === 0 ? (
        <p className="text-muted">No alias has been set yet.</p>
      ) : (
        <ol className="flex flex-col gap-3 text-table">
          {history.map((move) => (
            <li key={move.id} data-move={move.alias} className="border-l-2 border-line-strong pl-3">
              <p className="flex flex-wrap items-baseline justify-between gap-x-4">
                <span className="min-w-0 break-words">
                  <span className="font-medium">{move.alias}</span> {what(move)}
                </span>
                <span className="text-muted">
                  {move.movedBy}, <Ago instant={move.movedAt} />
                </span>
              </p>
              {move.gate && <Gate gate={move.gate} />}
              {move.reason && <p className="break-words">“{move.reason}”</p>}
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
