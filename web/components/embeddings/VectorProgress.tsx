import { formatCount } from '@/lib/format';
import type { VectorProgressFragment } from '@/lib/generated/graphql';

function doing({ state, rowsStored, rowCount }: VectorProgressFragment): string {
  if (state === 'QUEUED') return 'Waits for a worker to compute the vectors of the rows.';
  if (rowsStored === rowCount) return 'Comparing the rows with each other.';
  return `Computing the vectors: ${formatCount(rowsStored)} of ${formatCount(rowCount)} rows`;
}

/** How far the vectors of a dataset are. */
export function VectorProgress({ set }: { set: VectorProgressFragment }) {
  return (
    <div role="status" className="flex flex-col gap-2 px-4 pb-4 text-table text-muted">
      {doing(set)}
      <div className="h-1.5 overflow-hidden rounded-full bg-sunken">
        <div className="h-full bg-accent" style={{ width: `${100 * set.progress}%` }} />
      </div>
    </div>
  );
}
