'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { Button } from '@/components/ui/Button';
import { Popover } from '@/components/ui/Popover';
import { Ago } from '@/components/ui/Values';
import { useRunChoices } from '@/lib/api/use-run-choices';
import { regimeOf } from '@/lib/regime';
import { useRested } from '@/lib/use-rested';

/** As many as the server compares. */
const MOST_RUNS = 50;

function Candidates({ ids, onAdd }: { ids: readonly string[]; onAdd: (id: string) => void }) {
  const [search, setSearch] = useState('');
  const wanted = useRested(search.trim(), 200);
  const { runs, loading } = useRunChoices(wanted);
  const others = runs.filter((run) => !ids.includes(run.id));
  return (
    <div className="flex flex-col gap-2 p-3 text-table">
      <input
        type="search"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        aria-label="Find a run"
        placeholder="Find a run"
        className="h-8 rounded-md border border-line-strong bg-surface px-2"
      />
      <ul aria-label="Runs to add" className="flex max-h-64 flex-col overflow-auto">
        {others.map((run) => (
          <li key={run.id}>
            <button
              type="button"
              onClick={() => onAdd(run.id)}
              className="flex w-full items-center gap-2 rounded px-1 py-1.5 text-left hover:bg-sunken"
            >
              <RegimeGlyph regime={regimeOf(run.freeze)} />
              <span className="min-w-0 flex-1 truncate">
                {run.name}
                {run.experiment && <span className="text-muted"> · {run.experiment.name}</span>}
              </span>
              <span className="text-axis text-muted">
                <Ago instant={run.createdAt} />
              </span>
            </button>
          </li>
        ))}
        {others.length === 0 && (
          <li className="text-muted">{loading ? 'Reading the runs…' : 'No other run is called so.'}</li>
        )}
      </ul>
    </div>
  );
}

/** Adds one of the newest runs to the comparison; they are read when the list is opened. */
export function AddRun({ ids, onAdd }: { ids: readonly string[]; onAdd: (id: string) => void }) {
  if (ids.length >= MOST_RUNS) return null;
  return (
    <Popover
      label="Add a run to the comparison"
      trigger={
        <Button>
          <Plus aria-hidden className="size-3.5" />
          Add a run
        </Button>
      }
    >
      <Candidates ids={ids} onAdd={onAdd} />
    </Popover>
  );
}
