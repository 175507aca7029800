import { Figure } from '@/components/ui/Values';
import type { Advice } from '@/lib/api/use-advice';
import type { ExperimentPlan, StepEstimate } from '@/lib/api/use-plan';
import { formatBytes, formatCount, formatPercent, formatSeconds, MISSING, plural } from '@/lib/format';
import type { EstimateSource } from '@/lib/generated/graphql';
import type { FreezeRulesLike, ModelPart } from '@/lib/freeze';
import { boundaryOf, isAtBoundary, leastBytes, type DesignModel } from '@/lib/freeze-design';

const ranBy: Record<EstimateSource, string> = {
  SAME_DATA: 'of this model on this data',
  SAME_MODEL: 'of this model on other data',
  OTHER_MODELS: 'of other models',
  NOTHING: '',
};

/** A step as it is estimated, and by what. */
function estimatedStep({ seconds, relativeCost, source, runs, device }: StepEstimate): {
  value: string;
  note: string;
} {
  const share = `×${relativeCost.toFixed(2)}`;
  if (seconds === null)
    return {
      value: share,
      note: 'estimate: operations of a full step; no run has finished to tell seconds by',
    };
  return {
    value: `≈ ${formatSeconds(seconds)}`,
    note: `estimate: ${share} of a full step, by ${plural(runs, 'finished run')} ${ranBy[source]}${device === null ? '' : `, ${device}`}`,
  };
}

/** What a design costs: what trains, counted; time and memory, as they were measured, or as far as they can be told. */
export function DesignFigures({
  parts,
  rules,
  model,
  advice,
  planned,
  estimate,
  estimating,
}: {
  parts: readonly ModelPart[];
  rules: FreezeRulesLike;
  model: DesignModel;
  advice: Advice | null;
  /** The run that the server would make of the design; null while it is asked. */
  planned: ExperimentPlan['runs'][number] | null;
  /** What a step costs as long as nobody has measured it. */
  estimate: StepEstimate | null;
  /** The estimate is of the design before. */
  estimating: boolean;
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
  const step = measured
    ? { value: formatSeconds(measured.stepSeconds), note: how }
    : estimate
      ? estimatedStep(estimate)
      : { value: MISSING, note: 'not measured yet: see advice below' };
  const memory = measured
    ? { value: formatBytes(measured.memoryBytes), note: how }
    : estimate
      ? {
          value: `≈ ${formatBytes(estimate.memoryBytes)}`,
          note: 'estimate: a process, the model, gradients, Adam’s moments, activations',
        }
      : {
          value: least === null ? MISSING : `≥ ${formatBytes(least)}`,
          note: 'weights, gradients, Adam’s moments',
        };
  const resting = !measured && estimating ? 'text-muted' : '';
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
        value={
          <span data-figure="step" className={resting}>
            {step.value}
          </span>
        }
        note={step.note}
        wrapNote
      />
      <Figure
        name="Memory"
        value={
          <span data-figure="memory" className={resting}>
            {memory.value}
          </span>
        }
        note={memory.note}
        wrapNote
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
