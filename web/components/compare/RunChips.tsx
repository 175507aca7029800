'use client';

import { Eye, EyeOff, Pin, X } from 'lucide-react';
import Link from 'next/link';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { RunStateBadge } from '@/components/runs/RunStateBadge';
import { RunSwatch } from '@/components/runs/RunSwatch';
import { useHighlightedRun, highlightRun } from '@/lib/highlight';
import { regimeOf } from '@/lib/regime';
import type { ComparedRun } from './compared';
import { AddRun } from './AddRun';
import { DivergedMark } from './DivergedMark';
import { VisibilityMenu } from './VisibilityMenu';

const tool =
  'inline-flex size-6 items-center justify-center rounded text-muted hover:bg-sunken hover:text-text';

interface ChipActions {
  onToggle: (id: string, alone: boolean) => void;
  onBaseline: (id: string) => void;
  onRemove: (id: string) => void;
}

function Chip({
  compared: { run, name, slot, baseline },
  isHidden,
  isHighlighted,
  actions,
}: {
  compared: ComparedRun;
  isHidden: boolean;
  isHighlighted: boolean;
  actions: ChipActions;
}) {
  const Icon = isHidden ? EyeOff : Eye;
  return (
    <li
      onPointerEnter={() => highlightRun(run.id)}
      onPointerLeave={() => highlightRun(null)}
      className={`flex h-8 max-w-full items-center gap-1.5 rounded-md border bg-surface pr-1 pl-2 text-table ${isHighlighted ? 'border-line-strong' : 'border-line'}`}
    >
      <button
        type="button"
        title="Show only this run; with Ctrl or Cmd, show or hide it"
        aria-label={`Show only ${run.name} in the charts`}
        onClick={(event) => actions.onToggle(run.id, !event.ctrlKey && !event.metaKey)}
        className="inline-flex"
      >
        <RunSwatch slot={slot} hollow={isHidden} />
      </button>
      <RegimeGlyph regime={regimeOf(run.freeze)} />
      <Link
        href={`/runs/${run.id}`}
        prefetch={false}
        title={run.name}
        className={`max-w-60 truncate font-medium hover:underline ${isHidden ? 'text-muted' : ''}`}
      >
        {name}
      </Link>
      {run.state !== 'FINISHED' && <RunStateBadge state={run.state} />}
      <DivergedMark divergence={run.divergence} />
      {baseline && (
        <span className="rounded-full border border-line-strong px-1.5 text-axis text-muted">baseline</span>
      )}
      <button
        type="button"
        className={tool}
        aria-pressed={!isHidden}
        aria-label={`Show ${run.name} in the charts`}
        title={isHidden ? 'Show in the charts' : 'Hide in the charts'}
        onClick={() => actions.onToggle(run.id, false)}
      >
        <Icon aria-hidden className="size-3.5" />
      </button>
      {!baseline && (
        <button
          type="button"
          className={tool}
          aria-label={`Make ${run.name} the baseline`}
          title="Make it the baseline"
          onClick={() => actions.onBaseline(run.id)}
        >
          <Pin aria-hidden className="size-3.5" />
        </button>
      )}
      <button
        type="button"
        className={tool}
        aria-label={`Remove ${run.name} from the comparison`}
        title="Remove"
        onClick={() => actions.onRemove(run.id)}
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </li>
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
  const actions: ChipActions = {
    /** A click isolates a run, with Ctrl or Cmd it toggles it; isolating the only one shown brings back the rest. */
    onToggle: (id, alone) => {
      const visible = ids.filter((other) => !hidden.has(other));
      if (alone) {
        const isAlone = visible.length === 1 && visible[0] === id;
        onHide(new Set(isAlone ? [] : ids.filter((other) => other !== id)));
        return;
      }
      const next = new Set(hidden);
      if (!next.delete(id)) next.add(id);
      onHide(next);
    },
    onBaseline: (id) => onOrder([id, ...ids.filter((other) => other !== id)]),
    onRemove: (id) => onOrder(ids.filter((other) => other !== id)),
  };
  return (
    <div className="flex flex-wrap items-start gap-2">
      <ul
        aria-label="Compared runs"
        // Half a row at the end says that there are more.
        className="flex max-h-[8.5rem] min-w-0 flex-wrap gap-2 overflow-y-auto"
        // A list that scrolls must be reachable; short ones have nothing to reach.
        tabIndex={runs.length > 12 ? 0 : undefined}
      >
        {runs.map((compared) => (
          <Chip
            key={compared.run.id}
            compared={compared}
            isHidden={hidden.has(compared.run.id)}
            isHighlighted={highlighted === compared.run.id}
            actions={actions}
          />
        ))}
      </ul>
      <span className="flex items-center gap-2">
        {runs.length > 1 && <VisibilityMenu runs={runs} hidden={hidden} onHide={onHide} />}
        <AddRun ids={ids} onAdd={(id) => onOrder([...ids, id])} />
      </span>
    </div>
  );
}
