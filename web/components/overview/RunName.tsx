'use client';

import Link from 'next/link';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { RunSwatch } from '@/components/runs/RunSwatch';
import type { OverviewRun } from '@/lib/api/use-overview';
import { regimeOf } from '@/lib/regime';
import { nameWithin } from '@/lib/run-names';

export type SlotOf = (id: string) => number;

/** A run's colour, name and experiment. */
export function RunName({ run, slotOf }: { run: OverviewRun; slotOf: SlotOf }) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <RunSwatch slot={slotOf(run.id)} />
      <span className="max-w-36 min-w-0 sm:max-w-52">
        <Link
          href={`/runs/${run.id}`}
          prefetch={false}
          title={run.name}
          className="block truncate font-medium hover:underline"
        >
          {nameWithin(run.name, run.experiment?.name)}
        </Link>
        {run.experiment && (
          <span title={run.experiment.name} className="block truncate text-axis leading-3.5 text-muted">
            {run.experiment.name}
          </span>
        )}
      </span>
    </span>
  );
}

/** What a run freezes. */
export function Freeze({ run }: { run: OverviewRun }) {
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      {!run.external && <RegimeGlyph regime={regimeOf(run.freeze)} />}
      <span className="max-w-36 truncate" title={run.freeze.label}>
        {run.freeze.label}
      </span>
    </span>
  );
}
