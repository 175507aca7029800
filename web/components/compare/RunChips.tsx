'use client';

import { Eye, EyeOff, Pin, X } from 'lucide-react';
import Link from 'next/link';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { RunStateBadge } from '@/components/runs/RunStateBadge';
import { RunSwatch } from '@/components/runs/RunSwatch';
import { useRuns } from '@/lib/api/use-runs';
import { highlightRun, useHighlightedRun } from '@/lib/highlight';
import { regimeOf } from '@/lib/regime';
import type { ComparedRun } from './compared';

const tool =
  'inline-flex size-6 items-center justify-center rounded text-muted hover:bg-sunken hover:text-text';
const everything = { states: [], experiment: null };

function AddRun({ ids, onAdd }: { ids: readonly string[]; onAdd: (id: string) => void }) {
  const { runs } = useRuns(everything);
  const others = runs.filter((run) => !ids.includes(run.id));
  if (others.length === 0) return null;
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

/** The compared runs: legend of all charts, visibility, baseline, and what else to compare. */
export function RunChips({
  runs,
  hidden,
  onHide,
  onOrder,
}: {
  runs: readonly ComparedRun[];
  hidden: ReadonlySet<string>;
  onHide: (hidden: Set<string>) => void;
  onOrder: (ids: string[]) => void;
}) {
  const highlighted = useHighlightedRun();
  const ids = runs.map(({ run }) => run.id);
  /** A click isolates a run, with Ctrl or Cmd it toggles it; isolating the only one shown brings back the rest. */
  const toggle = (id: string, alone: boolean) => {
    const visible = ids.filter((other) => !hidden.has(other));
    if (alone) {
      const isAlone = visible.length === 1 && visible[0] === id;
      onHide(new Set(isAlone ? [] : ids.filter((other) => other !== id)));
      return;
    }
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    onHide(next);
  };
  return (
    <ul aria-label="Compared runs" className="flex flex-wrap gap-2">
      {runs.map(({ run, name, slot, baseline }) => {
        const isHidden = hidden.has(run.id);
        const Icon = isHidden ? EyeOff : Eye;
        return (
          <li
            key={run.id}
            onPointerEnter={() => highlightRun(run.id)}
            onPointerLeave={() => highlightRun(null)}
            className={`flex h-8 max-w-full items-center gap-1.5 rounded-md border bg-surface pr-1 pl-2 text-table ${highlighted === run.id ? 'border-line-strong' : 'border-line'}`}
          >
            <button
              type="button"
              title="Show only this run; with Ctrl or Cmd, show or hide it"
              aria-label={`Show only ${run.name} in the charts`}
              onClick={(event) => toggle(run.id, !event.ctrlKey && !event.metaKey)}
              className="inline-flex"
            >
              <RunSwatch slot={slot} hollow={isHidden} />
            </button>
            <RegimeGlyph regime={regimeOf(run.freeze)} />
            <Link
              href={`/runs/${run.id}`}
              title={run.name}
              className={`max-w-40 truncate font-medium hover:underline ${isHidden ? 'text-muted' : ''}`}
            >
              {name}
            </Link>
            {run.state !== 'FINISHED' && <RunStateBadge state={run.state} />}
            {baseline && (
              <span className="rounded-full border border-line-strong px-1.5 text-axis text-muted">
                baseline
              </span>
            )}
            <button
              type="button"
              className={tool}
              aria-pressed={!isHidden}
              aria-label={`Show ${run.name} in the charts`}
              title={isHidden ? 'Show in the charts' : 'Hide in the charts'}
              onClick={() => toggle(run.id, false)}
            >
              <Icon aria-hidden className="size-3.5" />
            </button>
            {!baseline && (
              <button
                type="button"
                className={tool}
                aria-label={`Make ${run.name} the baseline`}
                title="Make it the baseline"
                onClick={() => onOrder([run.id, ...ids.filter((id) => id !== run.id)])}
              >
                <Pin aria-hidden className="size-3.5" />
              </button>
            )}
            <button
              type="button"
              className={tool}
              aria-label={`Remove ${run.name} from the comparison`}
              title="Remove"
              onClick={() => onOrder(ids.filter((id) => id !== run.id))}
            >
              <X aria-hidden className="size-3.5" />
            </button>
          </li>
        );
      })}
      <li>
        <AddRun ids={ids} onAdd={(id) => onOrder([...ids, id])} />
      </li>
    </ul>
  );
}
