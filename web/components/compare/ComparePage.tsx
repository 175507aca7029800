'use client';

import Link from 'next/link';
import { useMemo } from 'react';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { AsButton } from '@/components/ui/Button';
import { Page } from '@/components/ui/Page';
import { CopyButton } from '@/components/ui/Snippet';
import { EmptyState, ErrorState, Skeleton, SkeletonLines } from '@/components/ui/states';
import { useComparison } from '@/lib/api/use-comparison';
import { useRuns } from '@/lib/api/use-runs';
import { useSiblings } from '@/lib/api/use-run';
import { regimeOf } from '@/lib/regime';
import { useRunSlots } from '@/lib/run-colors';
import { useUrlState } from '@/lib/url-state';
import { comparedRuns, measureVerdict, type ComparedRun } from './compared';
import { CompareCurves } from './CompareCurves';
import { MetricsCard } from './MetricsCard';
import { RunChips } from './RunChips';
import { SettingsCard } from './SettingsCard';
import { VerdictCard } from './VerdictCard';

const everything = { states: [], experiment: null };

function listOf(value: string | null): string[] {
  return [...new Set((value ?? '').split(',').filter(Boolean))];
}

function NothingChosen() {
  const { runs, loading } = useRuns(everything);
  const newest = runs[0]?.experiment?.name;
  const together = runs.filter((run) => run.experiment?.name === newest && newest !== undefined).slice(0, 8);
  return (
    <EmptyState title="Choose runs to compare">
      <p>
        Select two or more in the runs table. The comparison then shows which freeze regime to keep and what
        it costs, the curves over each other, and only the settings that differ.
      </p>
      <div className="flex flex-wrap gap-2">
        <AsButton look="primary">
          <Link href="/runs">Choose runs</Link>
        </AsButton>
        {!loading && together.length > 1 && (
          <AsButton>
            <Link href={`/compare?runs=${together.map((run) => run.id).join(',')}`}>
              Compare the {together.length} newest of {newest}
            </Link>
          </AsButton>
        )}
      </div>
    </EmptyState>
  );
}

function Twins({ only }: { only: ComparedRun }) {
  const siblings = useSiblings(only.run.experiment?.name ?? null);
  const regime = regimeOf(only.run.freeze);
  const twins = siblings.filter(
    (run) =>
      run.id !== only.run.id &&
      (regimeOf(run.freeze) !== regime || run.freeze.label !== only.run.freeze.label),
  );
  return (
    <EmptyState title="One run says little about freezing">
      {twins.length === 0 ? (
        <p>Add another run of the same experiment under another freeze configuration.</p>
      ) : (
        <>
          <p>Compare it with a run of the same experiment in another regime:</p>
          <div className="flex flex-wrap gap-2">
            {twins.slice(0, 6).map((twin) => (
              <AsButton key={twin.id}>
                <Link href={`/compare?runs=${only.run.id},${twin.id}`}>
                  <RegimeGlyph regime={regimeOf(twin.freeze)} />
                  {twin.freeze.label}
                </Link>
              </AsButton>
            ))}
          </div>
        </>
      )}
    </EmptyState>
  );
}

/** Runs side by side; the URL names them, the first is the baseline. */
export function ComparePage() {
  const [params, change] = useUrlState();
  const key = params.get('runs') ?? '';
  const ids = useMemo(() => listOf(key), [key]);
  const hiddenKey = params.get('hide') ?? '';
  const hidden = useMemo(() => new Set(listOf(hiddenKey)), [hiddenKey]);
  const { comparison, live, loading, error, reload } = useComparison(ids);
  const slotOf = useRunSlots(ids);
  const runs = useMemo(() => (comparison ? comparedRuns(comparison, slotOf) : []), [comparison, slotOf]);
  const verdict = useMemo(() => measureVerdict(runs), [runs]);

  return (
    <Page
      title="Compare"
      lead="What should I freeze, and what does it cost me?"
      actions={
        ids.length > 0 &&
        typeof location !== 'undefined' && (
          <CopyButton text={location.href} label="Copy a link to this comparison" />
        )
      }
    >
      {ids.length === 0 ? (
        <NothingChosen />
      ) : error ? (
        <>
          <ErrorState error={error} retry={reload} />
          <NothingChosen />
        </>
      ) : loading || !comparison ? (
        <>
          <Skeleton className="h-8 w-full max-w-2xl" />
          <div className="rounded-lg border border-line bg-surface">
            <SkeletonLines lines={9} label="Loading the comparison" />
          </div>
        </>
      ) : (
        <>
          <RunChips
            runs={runs}
            hidden={hidden}
            onHide={(next) => change({ hide: [...next].join(',') })}
            onOrder={(next) => change({ runs: next.join(',') })}
          />
          {runs.length === 1 && runs[0] ? (
            <Twins only={runs[0]} />
          ) : (
            <VerdictCard verdict={verdict} runs={runs} />
          )}
          <CompareCurves runs={runs} hidden={hidden} live={live} />
          <MetricsCard comparison={comparison} runs={runs} />
          {runs.length > 1 && <SettingsCard comparison={comparison} runs={runs} />}
        </>
      )}
    </Page>
  );
}
