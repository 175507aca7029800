'use client';

import Link from 'next/link';
import { useCallback, useMemo } from 'react';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { AsButton, Button } from '@/components/ui/Button';
import { Page } from '@/components/ui/Page';
import { EmptyState, ErrorState, Skeleton, SkeletonLines } from '@/components/ui/states';
import { useComparison } from '@/lib/api/use-comparison';
import { useRunChoices } from '@/lib/api/use-run-choices';
import { useSiblings } from '@/lib/api/use-run';
import { regimeOf } from '@/lib/regime';
import { useRunSlots } from '@/lib/run-colors';
import { useUrlState } from '@/lib/url-state';
import { FrontierCard } from './charts/FrontierCard';
import { ParallelCard } from './charts/ParallelCard';
import { ScatterCard } from './charts/ScatterCard';
import { comparedRuns, measureVerdict, type ComparedRun } from './compared';
import { CompareCurves } from './CompareCurves';
import { ChangesCard } from './evaluations/ChangesCard';
import { ClassesCard } from './evaluations/ClassesCard';
import { ExportMenu } from './ExportMenu';
import { RunChips } from './RunChips';
import { SectionLinks } from './SectionLinks';
import { ExplanationsCard } from './tables/ExplanationsCard';
import { MetricsCard } from './tables/MetricsCard';
import { SettingsCard } from './tables/SettingsCard';
import { useDimensions } from './use-dimensions';
import { VerdictCard } from './VerdictCard';

function listOf(value: string | null): string[] {
  return [...new Set((value ?? '').split(',').filter(Boolean))];
}

function NothingChosen() {
  const { runs, loading } = useRunChoices('');
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

function GoneRuns({ gone, onForget }: { gone: readonly string[]; onForget(): void }) {
  const [one] = gone;
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-2 rounded-lg border border-line bg-surface px-4 py-2"
    >
      <p>
        {gone.length === 1
          ? `Run ${one?.slice(0, 8)} was deleted and is left out.`
          : `${gone.length} runs were deleted and are left out.`}
      </p>
      <Button onClick={onForget}>Take out of the link</Button>
    </div>
  );
}

/** Runs side by side; the URL names them, the first is the baseline. */
export function ComparePage() {
  const [params, change] = useUrlState();
  const key = params.get('runs') ?? '';
  const ids = useMemo(() => listOf(key), [key]);
  const hiddenKey = params.get('hide') ?? '';
  const hidden = useMemo(() => new Set(listOf(hiddenKey)), [hiddenKey]);
  const { comparison, gone, live, loading, error, reload } = useComparison(ids);
  const slotOf = useRunSlots(ids);
  const runs = useMemo(() => (comparison ? comparedRuns(comparison, slotOf) : []), [comparison, slotOf]);
  const verdict = useMemo(() => measureVerdict(runs), [runs]);
  const { dimensions, outcomes } = useDimensions(comparison, verdict);
  const onHide = useCallback((next: Set<string>) => change({ hide: [...next].join(',') }), [change]);

  return (
    <Page
      title="Compare"
      lead="What should I freeze, and what does it cost me?"
      actions={comparison && runs.length > 0 && <ExportMenu comparison={comparison} runs={runs} />}
    >
      {gone.length > 0 && (
        <GoneRuns
          gone={gone}
          onForget={() => change({ runs: ids.filter((id) => !gone.includes(id)).join(',') })}
        />
      )}
      {ids.length === gone.length ? (
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
          <SectionLinks alone={runs.length === 1} />
          <RunChips
            runs={runs}
            hidden={hidden}
            onHide={onHide}
            onOrder={(next) => change({ runs: next.join(',') })}
          />
          {runs.length === 1 && runs[0] ? (
            <Twins only={runs[0]} />
          ) : (
            <>
              <div id="verdict" className="min-w-0 scroll-mt-28">
                <VerdictCard verdict={verdict} runs={runs} />
              </div>
              <FrontierCard runs={runs} hidden={hidden} verdict={verdict} />
            </>
          )}
          <CompareCurves runs={runs} hidden={hidden} live={live} />
          <div id="metrics" className="min-w-0 scroll-mt-28">
            <MetricsCard comparison={comparison} runs={runs} />
          </div>
          <ClassesCard runs={runs} />
          {runs.length > 1 && (
            <>
              <ChangesCard runs={runs} />
              <div id="settings" className="min-w-0 scroll-mt-28">
                <SettingsCard comparison={comparison} runs={runs} />
              </div>
              <ExplanationsCard runs={runs} />
              <ParallelCard
                runs={runs}
                dimensions={dimensions}
                outcomes={outcomes}
                hidden={hidden}
                onHide={onHide}
              />
              <ScatterCard runs={runs} dimensions={dimensions} outcomes={outcomes} hidden={hidden} />
            </>
          )}
        </>
      )}
    </Page>
  );
}
