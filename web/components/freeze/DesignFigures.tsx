import { Figure } from '@/components/ui/Values';
import type { Advice } from '@/lib/api/use-advice';
import type { ExperimentPlan } from '@/lib/api/use-plan';
import { formatBytes, formatCount, formatPercent, formatSeconds, MISSING } from '@/lib/format';
import type { FreezeRulesLike, ModelPart } from '@/lib/freeze';
import { boundaryOf, isAtBoundary, leastBytes, type DesignModel } from '@/lib/freeze-design';

/** What a design costs: what trains, counted; time and memory, as they were measured, or as far as they can be told. */
export function DesignFigures({
  parts,
  rules,
  model,
  advice,
  planned,
}: {
  parts: readonly ModelPart[];
  rules: FreezeRulesLike;
  model: DesignModel;
  advice: Advice | null;
  /** The run that the server would make of the design; null while it is asked. */
  planned: ExperimentPlan['runs'][number] | null;
}) {
  const known = parts.every(({ parameters }) => parameters !== null);
  const sum = (share: (part: ModelPart) => number) =>
    parts.reduce((total, part) => total + (part.parameters ?? 0) * share(part), 0);
  const total = known ? sum(() => 1) : (planned?.totalParameters ?? null);
  const trainable = known ? sum(({ frozen }) => 1 - frozen) : (planned?.trainableParameters ?? null);
  const share = total === null || trainable === null ? null : total === 0 ? 0 : trainable / total;
  const measured = advice?.boundaries.find(({ boundary }) => boundary === boundaryOf(rules, model)) ?? null;
  const exact = isAtBoundary(rules, model);
  const how = measured && `measured with ${exact ? measured.label : `${measured.label} alone`}`;
  const least = leastBytes(parts);
  return (
    <dl className="grid grid-cols-2 gap-3 lg:grid-cols-1 2xl:grid-cols-2" aria-label="What the design costs">
      <Figure
        name="Trainable share"
        value={<span data-figure="share">{formatPercent(share)}</span>}
        note={
          trainable === null
            ? 'classes and model are not known yet'
            : `${formatCount(trainable)} of ${formatCount(total)}`
        }
      />
      <Figure
        name="Step"
        value={<span data-figure="step">{measured ? formatSeconds(measured.stepSeconds) : MISSING}</span>}
        note={how ?? 'not measured yet: see advice below'}
      />
      <Figure
        name="Memory"
        value={
          <span data-figure="memory">
            {measured
              ? formatBytes(measured.memoryBytes)
              : least === null
                ? MISSING
                : `≥ ${formatBytes(least)}`}
          </span>
        }
        note={how ?? 'weights, gradients, Adam’s moments'}
      />
      <Figure
        name="Whole run"
        value={
          <span data-figure="run">
            {formatSeconds(measured?.runSeconds ?? planned?.estimatedSeconds ?? null)}
          </span>
        }
        note={how ?? (planned?.estimatedSeconds != null ? 'by past runs like it' : 'no run like it yet')}
      />
    </dl>
  );
}
