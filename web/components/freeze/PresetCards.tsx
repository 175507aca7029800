import { Check } from 'lucide-react';
import { Button } from '@/components/ui/Button';
import type { Advice } from '@/lib/api/use-advice';
import { formatPercent, formatSeconds } from '@/lib/format';
import { modelParts, trainableShare, type FreezeRulesLike } from '@/lib/freeze';
import { boundaryOf, isAtBoundary, type DesignModel } from '@/lib/freeze-design';
import { presetsOf } from '@/lib/freeze-presets';

/** Ways to freeze to begin with: when each fits, what the dataset says of it, and what was measured at its boundary. */
export function PresetCards({
  model,
  rules,
  advice,
  examples,
  onUse,
}: {
  model: DesignModel;
  rules: FreezeRulesLike;
  advice: Advice | null;
  /** Examples of the class that has the fewest; null while no dataset is chosen. */
  examples: { dataset: string; fewest: number } | null;
  onUse: (rules: FreezeRulesLike) => void;
}) {
  const current = JSON.stringify(rules);
  return (
    <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-5" aria-label="Presets">
      {presetsOf(model).map((preset) => {
        const share = trainableShare(modelParts(preset.rules, model));
        const inForce = JSON.stringify(preset.rules) === current;
        const measured =
          advice?.boundaries.find(({ boundary }) => boundary === boundaryOf(preset.rules, model)) ?? null;
        const told =
          measured && isAtBoundary(preset.rules, model) && preset.key !== 'frozen' ? measured : null;
        const fits = examples && preset.fitsExamples(examples.fewest);
        return (
          <li
            key={preset.key}
            data-preset={preset.key}
            className={`flex flex-col gap-2 rounded-lg border bg-surface p-3 ${inForce ? 'border-accent' : 'border-line'}`}
          >
            <div className="flex flex-wrap items-baseline justify-between gap-x-2">
              <h3 className="min-w-0 font-semibold break-words">{preset.name}</h3>
              {share !== null && <span className="text-table text-muted">{formatPercent(share)} trains</span>}
            </div>
            <p className="text-table text-muted">{preset.fits}</p>
            {fits && (
              <p className="text-table text-good">
                Fits {examples.dataset}: from {examples.fewest.toLocaleString('en-US')} examples a class.
              </p>
            )}
            {told && (
              <p className="text-table">
                Measured: {formatPercent(told.trialAccuracy)} after the trial,{' '}
                {formatSeconds(told.stepSeconds)} a step.
              </p>
            )}
            <Button
              small
              className="mt-auto self-start"
              aria-pressed={inForce}
              aria-label={`${inForce ? 'In use' : 'Use'}: preset ${preset.name}`}
              onClick={() => onUse(preset.rules)}
            >
              {inForce && <Check aria-hidden className="size-3.5" />}
              {inForce ? 'In use' : 'Use'}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}
