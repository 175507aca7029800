'use client';

import { useRuns } from '@/lib/api/use-runs';

/** As many as the server compares. */
const MOST_RUNS = 50;
const everything = { states: [], experiment: null };

/** Adds one of the newest runs to the comparison. */
export function AddRun({ ids, onAdd }: { ids: readonly string[]; onAdd: (id: string) => void }) {
  const { runs } = useRuns(everything);
  const others = runs.filter((run) => !ids.includes(run.id));
  if (others.length === 0 || ids.length >= MOST_RUNS) return null;
  return (
    <select
      aria-label="Add a run to the comparison"
      value=""
      onChange={(event) => onAdd(event.target.value)}
      className="h-8 max-w-44 rounded-md border border-dashed border-line-strong bg-surface px-2 text-table text-muted"
    >
      <option value="">Add a run…</option>
      {others.map((run) => (
        <option key={run.id} value={run.id}>
          {run.name}
        </option>
      ))}
    </select>
  );
}
